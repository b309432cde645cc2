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
      .describe('The region of the parameters. Left out: AWS_REGION, or the region of the profile.'),
    allowPlainText: z
      .boolean()
      .default(false)
      .describe(
        'Accept parameters of type String: their values are not encrypted with a KMS key and are shown in the console. Preflight warns of each.',
      ),
    ...awsConnectionShape,
  })
  .refine(oneSourceOfCredentials, ONE_SOURCE);

export type ParameterStoreOptions = z.infer<typeof optionsSchema>;
