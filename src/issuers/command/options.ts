import { z } from 'zod';
import {
  keyIdSchema,
  maxKeysSchema,
  partsSchema,
  patternSchema,
  requireKeyId,
} from '../../lib/issuer/declared-schema.ts';
import { propagationSchema } from '../../lib/issuer/propagation-schema.ts';
import { programShape } from '../../lib/process/program-schema.ts';

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

export const optionsSchema = z
  .strictObject({
    command: programShape.command,
    actions: z
      .array(z.enum(ACTIONS))
      .refine((actions) => actions.includes('create'), { error: 'must include create' })
      .refine((actions) => !actions.includes('activate') || actions.includes('deactivate'), {
        error: 'activate makes no sense without deactivate',
      })
      .describe('What the program can do; an action that is not named is never asked for.'),
    parts: partsSchema(z.strictObject({ format: patternSchema.optional() }))
      .default({ value: {} })
      .describe('Parts of the credential, each with the pattern its whole value must match.'),
    keyId: keyIdSchema,
    settings: programShape.settings,
    secrets: programShape.secrets,
    maxKeys: maxKeysSchema.describe('How many keys there may be; preflight compares it with `list`.'),
    propagation: propagationSchema,
  })
  .superRefine((options, ctx) => {
    const managed = options.actions.filter((action) => !['create', 'identify', 'list'].includes(action));
    requireKeyId(options.keyId, managed, ctx);
    if (options.keyId !== undefined && options.parts[options.keyId.part] === undefined) {
      ctx.addIssue({ code: 'custom', path: ['keyId', 'part'], message: 'is not one of `parts`' });
    }
  });

export type CommandOptions = z.infer<typeof optionsSchema>;
