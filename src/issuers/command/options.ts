import { z } from 'zod';
import { propagationSchema } from '../../lib/issuer/propagation-schema.ts';
import { commandShape } from '../../lib/process/command-schema.ts';
import { referenceSchema } from '../../lib/reference-schema.ts';

/** What the program may be asked; `create` it must know. */
export const ACTIONS = [
  'create',
  'identify',
  'list',
  'deactivate',
  'activate',
  'delete',
  'lastUsed',
] as const;
export type Action = (typeof ACTIONS)[number];

const patternSchema = z
  .string()
  .refine(isPattern, { error: 'must be a regular expression' })
  .describe('A regular expression (JavaScript, Unicode).');

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}

export const optionsSchema = z
  .strictObject({
    command: commandShape.command,
    actions: z
      .array(z.enum(ACTIONS))
      .refine((actions) => actions.includes('create'), { error: 'must include create' })
      .refine((actions) => !actions.includes('activate') || actions.includes('deactivate'), {
        error: 'activate makes no sense without deactivate',
      })
      .describe('What the program can do; an action that is not named is never asked for.'),
    parts: z
      .record(
        z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/),
        z.strictObject({ format: patternSchema.optional() }),
      )
      .refine((parts) => Object.keys(parts).length > 0, { error: 'must name at least one part' })
      .default({ value: {} })
      .describe('Parts of the credential, each with the pattern its whole value must match.'),
    keyId: z
      .strictObject({
        part: z.string().min(1).describe('The part that holds the id.'),
        pattern: patternSchema
          .optional()
          .describe('Where only a piece of the part is the id: a pattern whose first group is it.'),
      })
      .optional()
      .describe('Where the id of a key stands in its material. Needed to switch an old key off.'),
    settings: z
      .record(z.string(), z.json())
      .default({})
      .describe(
        'Passed on as `settings` on standard input: account, region, and whatever else is no secret.',
      ),
    secrets: z
      .record(z.string(), referenceSchema)
      .default({})
      .describe('Resolved and passed on as `secrets` on standard input: what the program logs in with.'),
    maxKeys: z
      .int()
      .min(2)
      .optional()
      .describe('How many keys there may be; preflight compares it with `list`.'),
    propagation: propagationSchema,
  })
  .superRefine((options, ctx) => {
    const managed = options.actions.filter((action) => !['create', 'identify', 'list'].includes(action));
    if (managed.length > 0 && options.keyId === undefined) {
      ctx.addIssue({ code: 'custom', path: ['keyId'], message: `is needed for ${managed.join(', ')}` });
    }
    if (options.keyId !== undefined && options.parts[options.keyId.part] === undefined) {
      ctx.addIssue({ code: 'custom', path: ['keyId', 'part'], message: 'is not one of `parts`' });
    }
  });

export type CommandOptions = z.infer<typeof optionsSchema>;
