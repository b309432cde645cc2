import { z } from 'zod';
import { referenceSchema } from '../../lib/reference-schema.ts';

/** One address, with or without a name before it; a line break would begin another header. */
const addressSchema = z
  .string()
  .regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, { error: 'must be an e-mail address' });

export const optionsSchema = z
  .strictObject({
    host: z.string().min(1).describe('The SMTP server.'),
    port: z
      .number()
      .int()
      .min(1)
      .max(65_535)
      .default(587)
      .describe(
        '587 and others begin in the clear and must change to TLS (STARTTLS); 465 is TLS from the start.',
      ),
    username: z.string().min(1).optional().describe('Name to log in with; without it nobody logs in.'),
    password: referenceSchema.optional().describe('Reference to the password of `username`.'),
    from: addressSchema.describe('The sender: `keyturn <keyturn@example.com>`.'),
    to: z.array(addressSchema).min(1).describe('Who gets it.'),
  })
  .refine(({ username, password }) => (username === undefined) === (password === undefined), {
    error: '`username` and `password` go together: one without the other logs nobody in',
  });

export type EmailOptions = z.infer<typeof optionsSchema>;
