import { z } from 'zod';
import { referenceSchema } from '../../lib/reference-schema.ts';

export const optionsSchema = z.strictObject({
  webhook: referenceSchema.describe(
    'Reference to the URL of the incoming webhook. Whoever has the URL can post, so it is a secret.',
  ),
});

export type SlackOptions = z.infer<typeof optionsSchema>;
