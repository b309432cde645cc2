import { z } from 'zod';
import {
  awsConnectionShape,
  ONE_SOURCE,
  oneSourceOfCredentials,
  regionSchema,
} from '../../lib/aws/connection-options.ts';
import { intervalSchema } from '../../lib/reload/interval-schema.ts';

export const optionsSchema = z
  .strictObject({
    cluster: z.string().min(1).default('default').describe('Name or ARN of the cluster.'),
    service: z.string().min(1).describe('Name or ARN of the service.'),
    region: regionSchema
      .optional()
      .describe('The region of the cluster. Left out: AWS_REGION, or the region of the profile.'),
    interval: intervalSchema('10s'),
    ...awsConnectionShape,
  })
  .refine(oneSourceOfCredentials, ONE_SOURCE);

export type EcsServiceOptions = z.infer<typeof optionsSchema>;
