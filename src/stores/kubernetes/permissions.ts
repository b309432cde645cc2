import type { Finding } from '../../core/finding.ts';
import type { KubernetesClient } from '../../lib/kubernetes/kubernetes-client.ts';
import { reported } from '../../lib/store/reported.ts';

interface Wish {
  readonly verb: string;
  readonly resource: string;
  readonly why: string;
}

/**
 * What is first needed when the Secret has been replaced, so that nothing else would show its lack in time. Asked for
 * any name: that of the next Secret is not known beforehand, and a Role that names the first one does not cover it.
 */
const WISHES: readonly Wish[] = [
  { verb: 'get', resource: 'secrets', why: 'a push reads back the Secret it makes, which has a new name' },
  {
    verb: 'delete',
    resource: 'secrets',
    why: 'the replaced Secret is removed at the end, and the new one on a rollback',
  },
  { verb: 'list', resource: 'pods', why: 'a Secret is removed only when no pod names it any more' },
];

export async function permissionFindings(
  client: KubernetesClient,
  namespace: string,
  subject: string,
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings = await Promise.all(
    WISHES.map((wish) => reported(subject, () => ask(client, namespace, wish, subject, signal))),
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
      message: `\`${wish.verb}\` on ${wish.resource} of any name in ${namespace} is not granted: ${why}`,
      hint: 'Grant it to the identity keyturn uses with a Role, without `resourceNames`.',
    },
  ];
}
