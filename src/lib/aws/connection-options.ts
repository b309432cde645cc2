import { z } from 'zod';
import { addressSchema } from '../address-schema.ts';
import { referenceSchema } from '../reference-schema.ts';

/** What every plug-in that talks to AWS takes; spread into its own strict schema, then `refine(oneSourceOfCredentials)`. */
export const awsConnectionShape = {
  profile: z
    .string()
    .min(1)
    .optional()
    .describe('A profile of ~/.aws/config. Left out: the default credential chain of the AWS SDK.'),
  accessKeyId: referenceSchema
    .optional()
    .describe('Reference to an access key id, in place of a profile or the default chain.'),
  secretAccessKey: referenceSchema
    .optional()
    .describe('Reference to the secret that belongs to `accessKeyId`.'),
  sessionToken: referenceSchema
    .optional()
    .describe('Reference to the session token, when `accessKeyId` is temporary.'),
  endpoint: addressSchema
    .optional()
    .describe('Address used for every AWS service: an emulator or a gateway. Left out: AWS itself.'),
  endpoints: z
    .strictObject({
      secretsmanager: addressSchema.optional().describe('Address of Secrets Manager (a VPC endpoint).'),
      ssm: addressSchema.optional().describe('Address of Systems Manager.'),
      ecs: addressSchema.optional().describe('Address of ECS.'),
      iam: addressSchema.optional().describe('Address of IAM.'),
      sts: addressSchema.optional().describe('Address of STS.'),
    })
    .optional()
    .describe('Address of one service alone; goes before `endpoint`.'),
} as const;

/** Region with no default: taken from the environment or the profile, as the AWS command line does. */
export const regionSchema = z
  .string()
  .regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/, { error: 'must be a region such as eu-central-1' });

interface Sources {
  readonly profile?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
}

/** Half a key pair, or a key pair beside a profile, would be ignored silently by the SDK. */
export function oneSourceOfCredentials(options: Sources): boolean {
  const pair = [options.accessKeyId, options.secretAccessKey].filter((part) => part !== undefined).length;
  if (pair === 0) return options.sessionToken === undefined;
  return pair === 2 && options.profile === undefined;
}

export const ONE_SOURCE = {
  error: 'give `accessKeyId` and `secretAccessKey` together, and no `profile` beside them',
};
