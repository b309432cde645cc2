import { z } from 'zod';
import {
  awsConnectionShape,
  ONE_SOURCE,
  oneSourceOfCredentials,
  regionSchema,
} from '../../lib/aws/connection-options.ts';

export const optionsSchema = z
  .strictObject({
    region: regionSchema
      .optional()
      .describe('The region of the secrets. Left out: AWS_REGION, or the region of the profile.'),
    ...awsConnectionShape,
  })
  .refine(oneSourceOfCredentials, ONE_SOURCE);

export type SecretsManagerOptions = z.infer<typeof optionsSchema>;
