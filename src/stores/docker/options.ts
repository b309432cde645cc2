import { z } from 'zod';
import { dockerConnectionShape, refuseUnsafeEngine } from '../../lib/docker/connection-schema.ts';

export const optionsSchema = z.strictObject(dockerConnectionShape).superRefine(refuseUnsafeEngine);

export type DockerOptions = z.infer<typeof optionsSchema>;
