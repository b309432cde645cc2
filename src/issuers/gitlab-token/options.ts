import { z } from 'zod';
import { connectionShape } from '../../lib/gitlab/connection-schema.ts';
import { LEVELS } from './access-level.ts';
import { isOwner } from './owner.ts';

export const optionsSchema = z.strictObject({
  ...connectionShape,
  of: z
    .string()
    .refine(isOwner, { error: 'must be projects/PATH, groups/PATH or users/NUMBER' })
    .describe('Whose tokens: `projects/PATH`, `groups/PATH`, or `users/NUMBER` (for administrators).'),
  scopes: z
    .array(z.string().regex(/^[a-z0-9_]+$/, { error: 'must be a scope such as read_repository' }))
    .min(1)
    .optional()
    .describe('Scopes of new tokens, in place of those of the old one.'),
  accessLevel: z
    .enum(LEVELS)
    .optional()
    .describe('Role of new tokens of a project or group, in place of that of the old one.'),
  lifetime: z
    .string()
    .regex(/^[1-9]\d{0,3}d$/, { error: 'must be a number of days such as 90d' })
    .optional()
    .describe('How long new tokens live, in days (`90d`), in place of as long as the old one.'),
});

export type GitlabTokenOptions = z.infer<typeof optionsSchema>;
