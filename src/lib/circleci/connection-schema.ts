import { z } from 'zod';
import { addressSchema } from '../address-schema.ts';
import { referenceSchema } from '../reference-schema.ts';

/** What every connection to a CircleCI has; spread into a strict schema. */
export const connectionShape = {
  address: addressSchema
    .refine((address) => !/[?#@]/.test(address), { error: 'must not have a user name, query or fragment' })
    .default('https://circleci.com')
    .describe('URL of a CircleCI server, in place of circleci.com. `/api/v2` is added.'),
  token: referenceSchema.describe('Reference to a personal API token. Project tokens do not work in API v2.'),
  ca: referenceSchema.optional().describe('Reference to the PEM of a private certificate authority.'),
};

const connectionSchema = z.strictObject(connectionShape);
export type CircleciConnection = z.infer<typeof connectionSchema>;
