import { z } from 'zod';
import { programShape } from '../../lib/process/program-schema.ts';

/** What the program may be asked; to read and to write it must know. */
export const ACTIONS = ['read', 'write', 'restore', 'whoami', 'preflight'] as const;
export type Action = (typeof ACTIONS)[number];

const shape = z.strictObject({
  command: programShape.command,
  actions: z
    .array(z.enum(ACTIONS))
    .refine((actions) => actions.includes('read') && actions.includes('write'), {
      error: 'must include read and write: keyturn looks before it writes, and after it',
    })
    .describe('What the program can do; an action that is not named is never asked for.'),
  compareAndSet: z
    .boolean()
    .default(false)
    .describe(
      'The program refuses a `write` whose `expected` is not the current version (exit code 14), in one piece with the write.',
    ),
  writeOnly: z
    .boolean()
    .default(false)
    .describe(
      'The program shows no values: its `read` tells that a place is there and, with `version` or `updatedAt`, when it was written.',
    ),
  settings: programShape.settings,
  secrets: programShape.secrets,
});

export const optionsSchema = shape.refine(({ writeOnly, compareAndSet }) => !(writeOnly && compareAndSet), {
  path: ['compareAndSet'],
  error: 'is not for `writeOnly`: after a crash the same value is written again, whatever version is there',
});

export type CommandStoreOptions = z.infer<typeof optionsSchema>;
