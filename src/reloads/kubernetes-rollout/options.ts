import { z } from 'zod';
import { kubernetesConnectionShape, refuseTwoWays } from '../../lib/kubernetes/connection-schema.ts';
import { OBJECT_NAME } from '../../lib/kubernetes/workload.ts';
import { intervalSchema } from '../../lib/reload/interval-schema.ts';

export const optionsSchema = z
  .strictObject({
    ...kubernetesConnectionShape,
    namespace: z
      .string()
      .regex(new RegExp(`^${OBJECT_NAME}$`), { error: 'must be the name of a namespace' })
      .describe('Namespace of the workloads.'),
    workloads: z
      .array(
        z.string().regex(new RegExp(`^(deployment|statefulset|daemonset)/${OBJECT_NAME}$`), {
          error: 'must be deployment/NAME, statefulset/NAME or daemonset/NAME',
        }),
      )
      .min(1)
      .describe('What the service runs as: `deployment/checkout`. All are restarted, then waited for.'),
    interval: intervalSchema('2s'),
  })
  .superRefine(refuseTwoWays);

export type KubernetesRolloutOptions = z.infer<typeof optionsSchema>;
