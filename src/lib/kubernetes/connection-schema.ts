import { z } from 'zod';

/** What every plug-in that talks to a cluster takes; spread into a strict schema, then `superRefine(refuseTwoWays)`. */
export const kubernetesConnectionShape = {
  kubeconfig: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Path of a kubeconfig file, relative to the config. Left out: as kubectl finds it (`KUBECONFIG`, then `~/.kube/config`), then the service account of the pod keyturn runs in.',
    ),
  context: z.string().min(1).optional().describe('Context in it. Left out: its `current-context`.'),
  inCluster: z
    .boolean()
    .default(false)
    .describe('Use the service account of the pod keyturn runs in, whatever kubeconfig there is.'),
} as const;

const connectionSchema = z.strictObject(kubernetesConnectionShape);

export type KubernetesConnection = z.infer<typeof connectionSchema>;

export function refuseTwoWays(
  { inCluster, kubeconfig, context }: KubernetesConnection,
  ctx: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
): void {
  if (!inCluster || (kubeconfig === undefined && context === undefined)) return;
  const message = 'the service account of the pod has no kubeconfig and no context: give one or the other';
  ctx.addIssue({ code: 'custom', path: ['inCluster'], message });
}
