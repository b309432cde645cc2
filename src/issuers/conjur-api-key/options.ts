import { z } from 'zod';
import { conjurConnectionShape } from '../../lib/conjur/connection-options.ts';

export const optionsSchema = z.strictObject({
  ...conjurConnectionShape,
  role: z
    .string()
    .regex(/^(user|host):[^\s:]+$/, { error: 'must be `host:` or `user:` and an id, such as host:apps/shop' })
    .describe(
      'Whose API key is rotated: `host:apps/shop` or `user:alice`. Never the role keyturn logs in as.',
    ),
});

export type ConjurKeyOptions = z.infer<typeof optionsSchema>;
