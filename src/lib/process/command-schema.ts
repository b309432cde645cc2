import { z } from 'zod';
import { referenceSchema } from '../reference-schema.ts';

const NOT_A_NAME = 'is not the name of an environment variable';

const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: NOT_A_NAME });

/** Variable → something. A record's own words about a key are `Invalid key in record`. */
export function variables<T extends z.ZodType>(of: T): z.ZodRecord<typeof envName, T> {
  return z.record(envName, of, { error: ({ code }) => (code === 'invalid_key' ? NOT_A_NAME : undefined) });
}

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
    .array(envName)
    .default([])
    .describe(
      'Variables of our own environment it also gets (`KUBECONFIG`), besides PATH, HOME, locale and TLS paths.',
    ),
  envFrom: variables(referenceSchema)
    .default({})
    .describe('Variables that hold secrets of their own: name → reference.'),
};
