import { z } from 'zod';
import { addressSchema } from '../address-schema.ts';
import { referenceSchema } from '../reference-schema.ts';

/** What every connection to a GitLab has; spread into a strict schema. */
export const connectionShape = {
  address: addressSchema
    .refine(hasNothingBeside, { error: 'must not hold a user name, a query or a fragment' })
    .default('https://gitlab.com')
    .describe('URL of a GitLab of your own, in place of gitlab.com. `/api/v4` is added.'),
  token: referenceSchema.describe('Reference to an access token with the scope `api`.'),
  ca: referenceSchema.optional().describe('Reference to the PEM of a private certificate authority.'),
};

const connectionSchema = z.strictObject(connectionShape);
export type GitlabConnection = z.infer<typeof connectionSchema>;

function hasNothingBeside(address: string): boolean {
  const { username, password, search, hash } = new URL(address);
  return username + password + search + hash === '';
}
