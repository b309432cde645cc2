import { z } from 'zod';
import { commandShape, variables } from '../../lib/process/command-schema.ts';

export const optionsSchema = z
  .strictObject({
    ...commandShape,
    env: variables(z.string().min(1))
      .default({})
      .describe('How the program gets the key: variable → part of the key (`API_KEY: value`).'),
    stdin: z
      .enum(['json', 'value'])
      .optional()
      .describe(
        'Or by standard input: `value` (the part of that name, bare) or `json` (an object of all parts).',
      ),
    failExit: z
      .array(z.int().min(1).max(255))
      .min(1)
      .optional()
      .describe('Exit codes that mean the service fails; others are inconclusive. Left out: 1 to 125.'),
  })
  .refine(({ env, envFrom }) => Object.keys(env).every((name) => !Object.hasOwn(envFrom, name)), {
    error: 'a variable is in both `env` and `envFrom`',
  });

export type CommandCheckOptions = z.infer<typeof optionsSchema>;
