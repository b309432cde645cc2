import { z } from 'zod';
import { kubernetesConnectionShape, refuseTwoWays } from '../../lib/kubernetes/connection-schema.ts';
import { OBJECT_NAME, WORKLOAD_KINDS } from '../../lib/kubernetes/workload.ts';

const kinds = Object.keys(WORKLOAD_KINDS).join('|');

export const optionsSchema = z
  .strictObject({
    ...kubernetesConnectionShape,
    workloads: z
      .array(
        z.string().regex(new RegExp(`^(${OBJECT_NAME}/)?(${kinds})/${OBJECT_NAME}$`), {
          error: `must be [NAMESPACE/]KIND/NAME with one of the kinds ${kinds}: deployment/checkout`,
        }),
      )
      .min(1)
      .optional()
      .describe(
        'Workloads that use immutable Secrets of this store, and are pointed to the new one: `deployment/checkout`, in the namespace of the Secret or `shop/deployment/checkout`. Left out: all in the namespace of the Secret are looked through.',
      ),
  })
  .superRefine(refuseTwoWays);

export type KubernetesOptions = z.infer<typeof optionsSchema>;
