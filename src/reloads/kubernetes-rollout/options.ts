import { z } from 'zod';
import { attemptsShape } from '../../lib/http-probe/probe-schema.ts';
import { kubernetesConnectionShape, refuseTwoWays } from '../../lib/kubernetes/connection-schema.ts';
import { OBJECT_NAME } from '../../lib/kubernetes/workload.ts';

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
    ...attemptsShape({ attempts: 300, interval: '2s' }),
  })
  .superRefine(refuseTwoWays);

export type KubernetesRolloutOptions = z.infer<typeof optionsSchema>;
