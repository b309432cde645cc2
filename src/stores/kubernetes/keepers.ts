import type { Finding } from '../../core/finding.ts';
import type { SecretObject } from './secret-object.ts';

type Verdict = Pick<Finding, 'severity' | 'message' | 'hint'>;

/** A label or annotation that a controller leaves on what it keeps as it wants it. */
const KEEPERS: readonly { readonly mark: string; readonly keeper: string; readonly source: string }[] = [
  {
    mark: 'reconcile.external-secrets.io/created-by',
    keeper: 'External Secrets',
    source: 'the store it is fetched from',
  },
  {
    mark: 'secrets.hashicorp.com/vso-ownerRefUID',
    keeper: 'the Vault Secrets Operator',
    source: 'Vault',
  },
  {
    mark: 'reflector.v1.k8s.emberstack.com/reflects',
    keeper: 'Reflector',
    source: 'the Secret it is a copy of',
  },
  {
    mark: 'replicator.v1.mittwald.de/replicate-from',
    keeper: 'the replicator',
    source: 'the Secret it is a copy of',
  },
  { mark: 'cert-manager.io/certificate-name', keeper: 'cert-manager', source: 'its Certificate' },
];

/** Who else writes to a Secret. What a controller would revert is an error; what a deployment would, a warning. */
export function keeperFindings(secret: SecretObject, subject: string): Finding[] {
  const verdicts = [...controllers(secret), ...deployments(secret)];
  return verdicts.map((verdict) => ({ code: 'REFUSED', subject, ...verdict }));
}

function controllers({ type, labels, annotations, owners }: SecretObject): Verdict[] {
  const marks = { ...labels, ...annotations };
  const verdicts: Verdict[] = [];
  const error = (message: string, hint: string): void => {
    verdicts.push({ severity: 'error', message, hint });
  };
  if (type === 'kubernetes.io/service-account-token') {
    error('its token is made by the cluster itself', 'Rotate the service account’s token in another way.');
  }
  for (const { mark, keeper, source } of KEEPERS) {
    if (marks[mark] === undefined) continue;
    error(`${keeper} keeps it, and would take a push back`, `Rotate the value in ${source}.`);
  }
  const owner = owners.find(({ controller }) => controller === true);
  if (owner !== undefined && verdicts.length === 0) {
    error(
      `${owner.kind} ${owner.name} controls it, and would take a push back`,
      `Rotate the value where ${owner.kind} has it from.`,
    );
  }
  if (marks['kustomize.toolkit.fluxcd.io/name'] !== undefined && !isLeftAloneByFlux(marks)) {
    error(
      'Flux applies it from a repository, and would take a push back',
      'Change it there, or let Flux leave it alone (`kustomize.toolkit.fluxcd.io/ssa: IfNotPresent`).',
    );
  }
  return verdicts;
}

function isLeftAloneByFlux(marks: Readonly<Record<string, string>>): boolean {
  const ssa = (marks['kustomize.toolkit.fluxcd.io/ssa'] ?? '').toLowerCase();
  return (
    marks['kustomize.toolkit.fluxcd.io/reconcile'] === 'disabled' || ['ifnotpresent', 'ignore'].includes(ssa)
  );
}

function deployments({ labels, annotations }: SecretObject): Verdict[] {
  const marks = { ...labels, ...annotations };
  const verdicts: Verdict[] = [];
  if (
    marks['argocd.argoproj.io/tracking-id'] !== undefined ||
    marks['argocd.argoproj.io/instance'] !== undefined
  ) {
    verdicts.push({
      severity: 'warning',
      message: 'Argo CD tracks it: with self-healing it would take a push back, without at the next sync',
      hint: 'Add its data to `ignoreDifferences`, or change the value in the repository too.',
    });
  }
  if (marks['app.kubernetes.io/managed-by'] === 'Helm') {
    verdicts.push({
      severity: 'warning',
      message: 'it belongs to a Helm release: an upgrade whose chart has another value writes that',
      hint: 'Change the value of the release too.',
    });
  }
  return verdicts;
}
