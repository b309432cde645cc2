import { z } from 'zod';

export const optionsSchema = z.strictObject({
  root: z
    .string()
    .min(1)
    .default('.')
    .describe(
      'Folder that the `ref` of a target is relative to; itself relative to the folder of the config.',
    ),
});

export type DotenvOptions = z.infer<typeof optionsSchema>;
