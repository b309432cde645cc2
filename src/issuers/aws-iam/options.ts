import { z } from 'zod';
import {
  awsConnectionShape,
  ONE_SOURCE,
  oneSourceOfCredentials,
  regionSchema,
} from '../../lib/aws/connection-options.ts';

export const optionsSchema = z
  .strictObject({
    userName: z
      .string()
      .regex(/^[\w+=,.@-]{1,64}$/, { error: 'must be the name of an IAM user, without its path' })
      .optional()
      .describe('The IAM user whose key is rotated. Left out: the user that keyturn itself acts as.'),
    region: regionSchema
      .default('us-east-1')
      .describe('IAM is global; the region tells its partition (China, GovCloud) and the STS that is asked.'),
    ...awsConnectionShape,
  })
  .refine(oneSourceOfCredentials, ONE_SOURCE);

export type IamOptions = z.infer<typeof optionsSchema>;
