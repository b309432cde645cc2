import { z } from 'zod';
import { referenceSchema } from '../reference-schema.ts';
import { commandShape } from './command-schema.ts';

/** What every plug-in takes that asks a program of the user's; spread into its own strict schema. */
export const programShape = {
  command: commandShape.command,
  settings: z
    .record(z.string(), z.json())
    .default({})
    .describe('Passed on as `settings` on standard input: account, region, and whatever else is no secret.'),
  secrets: z
    .record(z.string(), referenceSchema)
    .default({})
    .describe('Resolved and passed on as `secrets` on standard input: what the program logs in with.'),
};
