import { z } from 'zod';
import { destinationOf } from '../../lib/http-probe/destination.ts';
import { referenceSchema } from '../../lib/reference-schema.ts';

export const optionsSchema = z.strictObject({
  url: z
    .string()
    .superRefine((url, ctx) => {
      const { problem } = destinationOf(url, 'never');
      if (problem !== undefined) ctx.addIssue({ code: 'custom', message: problem });
    })
    .describe('Where to post: https, or http on this machine.'),
  secret: referenceSchema.describe('Reference to the secret that signs: the receiver has it too.'),
});

export type WebhookOptions = z.infer<typeof optionsSchema>;
