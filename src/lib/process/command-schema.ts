import { z } from 'zod';
import { referenceSchema } from '../reference-schema.ts';

export const envNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'is not the name of an environment variable' });

/** What every plug-in that runs a program takes; spread into its own strict schema. */
export const commandShape = {
  command: z
    .tuple([z.string().min(1)], z.string())
    .refine((words) => !words.some((word) => word.includes('{{')), {
      error: 'takes no placeholders: arguments are visible to every user of the machine',
    })
    .describe(
      'Program and arguments, one word each: `[kubectl, rollout, restart, deploy/checkout]`. No shell.',
    ),
  cwd: z
    .string()
    .min(1)
    .default('.')
    .describe('Folder it runs in, relative to the config. Left out: the folder of the config.'),
  passEnv: z
    .array(envNameSchema)
    .default([])
    .describe(
      'Variables of our own environment it also gets (`KUBECONFIG`), besides PATH, HOME, locale and TLS paths.',
    ),
  envFrom: z
    .record(envNameSchema, referenceSchema)
    .default({})
    .describe('Variables that hold secrets of their own: name → reference.'),
};
