import { z } from 'zod';
import { programShape } from '../../lib/process/program-schema.ts';

/** What the program may be asked; to read and to write it must know. */
export const ACTIONS = ['read', 'write', 'restore', 'whoami', 'preflight'] as const;
export type Action = (typeof ACTIONS)[number];

export const optionsSchema = z.strictObject({
  command: programShape.command,
  actions: z
    .array(z.enum(ACTIONS))
    .refine((actions) => actions.includes('read') && actions.includes('write'), {
      error: 'must include read and write: a push is proved by reading it back',
    })
    .describe('What the program can do; an action that is not named is never asked for.'),
  compareAndSet: z
    .boolean()
    .default(false)
    .describe(
      'The program refuses a `write` whose `expected` is not the current version (exit code 14), in one piece with the write.',
    ),
  settings: programShape.settings,
  secrets: programShape.secrets,
});

export type CommandStoreOptions = z.infer<typeof optionsSchema>;
