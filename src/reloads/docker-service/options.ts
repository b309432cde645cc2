import { z } from 'zod';
import { dockerConnectionShape, refuseUnsafeEngine } from '../../lib/docker/connection-schema.ts';
import { intervalSchema } from '../../lib/reload/interval-schema.ts';

export const optionsSchema = z
  .strictObject({
    ...dockerConnectionShape,
    services: z
      .array(
        z.string().regex(/^[a-zA-Z0-9][-_.a-zA-Z0-9]*$/, { error: 'must be the name or id of a service' }),
      )
      .min(1)
      .describe('Names (or ids) of the swarm services. All are updated, then waited for.'),
    interval: intervalSchema('2s'),
  })
  .superRefine(refuseUnsafeEngine);

export type DockerServiceOptions = z.infer<typeof optionsSchema>;
