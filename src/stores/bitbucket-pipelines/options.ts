import { z } from 'zod';
import { addressSchema } from '../../lib/address-schema.ts';
import { referenceSchema } from '../../lib/reference-schema.ts';

const apiTokenSchema = z.strictObject({
  method: z.literal('api-token').describe('An API token of an Atlassian account.'),
  email: z
    .string()
    .regex(/^[^\s:@]+@[^\s:@]+$/, { error: 'must be an email address' })
    .describe('Email address of the account.'),
  token: referenceSchema.describe('Reference to the API token.'),
});

const accessTokenSchema = z.strictObject({
  method: z
    .literal('access-token')
    .describe('An access token of a workspace, project or repository, or of OAuth.'),
  token: referenceSchema.describe('Reference to the access token.'),
});

export const optionsSchema = z.strictObject({
  address: addressSchema
    .default('https://api.bitbucket.org')
    .describe('URL of the API of Bitbucket Cloud. `/2.0` is added.'),
  auth: z
    .discriminatedUnion('method', [apiTokenSchema, accessTokenSchema])
    .describe('How keyturn authenticates.'),
  shown: z
    .array(z.string().min(1))
    .default([])
    .describe('Variables that need not be secured, since what they hold is no secret: `AWS_ACCESS_KEY_ID`.'),
  ca: referenceSchema.optional().describe('Reference to the PEM of a private certificate authority.'),
});

export type BitbucketOptions = z.infer<typeof optionsSchema>;
