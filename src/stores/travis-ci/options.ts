import { z } from 'zod';
import { addressSchema } from '../../lib/address-schema.ts';
import { referenceSchema } from '../../lib/reference-schema.ts';

export const optionsSchema = z.strictObject({
  address: addressSchema
    .refine((address) => !/[?#@]/.test(address), { error: 'must not have a user name, query or fragment' })
    .default('https://api.travis-ci.com')
    .describe('URL of the API; for Travis CI Enterprise `https://HOST/api`.'),
  token: referenceSchema.describe('Reference to the API token of a user.'),
  shown: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Names of variables that may be public, since what they hold is no secret: `AWS_ACCESS_KEY_ID`.',
    ),
  ca: referenceSchema.optional().describe('Reference to the PEM of a private certificate authority.'),
});

export type TravisOptions = z.infer<typeof optionsSchema>;
