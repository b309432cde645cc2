import { z } from 'zod';
import { conjurAddressSchema, conjurConnectionShape } from '../../lib/conjur/connection-options.ts';

export const optionsSchema = z.strictObject({
  ...conjurConnectionShape,
  followers: z
    .array(conjurAddressSchema)
    .optional()
    .describe('URLs of followers that services read from: a push waits until they show the new version.'),
});

export type ConjurOptions = z.infer<typeof optionsSchema>;
