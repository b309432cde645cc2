import type { Finding } from '../../core/finding.ts';
import type { KubernetesClient } from '../../lib/kubernetes/kubernetes-client.ts';
import { reported } from '../../lib/store/reported.ts';
import type { SecretObject } from './secret-object.ts';

interface Wish {
  readonly verb: string;
  readonly resource: string;
  readonly name?: string;
  readonly why: string;
}

/** What only the end of a rotation needs, so that nothing else would show its lack in time. */
export async function permissionFindings(
  client: KubernetesClient,
  { namespace, name }: Pick<SecretObject, 'namespace' | 'name'>,
  subject: string,
  signal: AbortSignal,
): Promise<Finding[]> {
  const wishes: readonly Wish[] = [
    { verb: 'delete', resource: 'secrets', name, why: 'the replaced Secret is removed at the end' },
    { verb: 'list', resource: 'pods', why: 'it is removed only when no pod names it any more' },
  ];
  const findings = await Promise.all(
    wishes.map((wish) => reported(subject, () => ask(client, namespace, wish, subject, signal))),
  );
  return findings.flat();
}

async function ask(
  client: KubernetesClient,
  namespace: string,
  { why, ...wish }: Wish,
  subject: string,
  signal: AbortSignal,
): Promise<Finding[]> {
  const review = await client.ask(
    {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { namespace, ...wish } },
      },
      subject,
      action: 'ask what we may do',
      effect: 'read',
    },
    signal,
  );
  const { allowed } = (review['status'] ?? {}) as { allowed?: unknown };
  if (allowed === true) return [];
  return [
    {
      severity: 'error',
      code: 'PERMISSION_DENIED',
      subject,
      message: `\`${wish.verb}\` on ${wish.resource} in ${namespace} is not granted: ${why}`,
      hint: 'Grant it with a Role to the identity keyturn uses.',
    },
  ];
}
