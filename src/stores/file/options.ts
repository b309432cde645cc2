import { z } from 'zod';
import { NOTATIONS } from './notation-names.ts';

export const optionsSchema = z.strictObject({
  root: z
    .string()
    .min(1)
    .default('.')
    .describe(
      'Folder that the `ref` of a target is relative to; itself relative to the folder of the config.',
    ),
  format: z
    .enum(NOTATIONS)
    .optional()
    .describe(
      'How the files are written. Left out: as their names end (.json, .yaml, .yml, .toml, .ini, .cfg).',
    ),
});

export type FileOptions = z.infer<typeof optionsSchema>;
