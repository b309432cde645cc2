import { z } from 'zod';
import { addressSchema } from '../../lib/address-schema.ts';

export const optionsSchema = z.strictObject({
  account: z
    .string()
    .regex(/^acct_[A-Za-z0-9]+$/, { error: 'must be the id of an account, such as acct_1A2b3C4d' })
    .optional()
    .describe(
      'The account that old and new key must be of. Left out: the new one must be of the same as the old.',
    ),
  baseUrl: addressSchema.default('https://api.stripe.com').describe('Address of the Stripe API.'),
});

export type StripeOptions = z.infer<typeof optionsSchema>;
