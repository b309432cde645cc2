import { z } from 'zod';

/** Options that the issuers which are described in the config have in common. */

export const patternSchema = z
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

const partName = z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/);

/** Part of the credential → what the issuer has to know of it. */
export function partsSchema<T extends z.ZodType>(of: T): z.ZodRecord<typeof partName, T> {
  return z
    .record(partName, of)
    .refine((parts) => Object.keys(parts).length > 0, { error: 'must name at least one part' });
}

export const keyIdSchema = z
  .strictObject({
    part: z.string().min(1).describe('The part that holds the id.'),
    pattern: patternSchema
      .optional()
      .describe('Where only a piece of the part is the id: a pattern whose first group is it.'),
  })
  .optional()
  .describe('Where the id of a key stands in its material. Needed to switch an old key off.');

export const maxKeysSchema = z.int().min(2).optional();

/** Whatever is done to a key names it: an issue where the id is needed and not described. */
export function requireKeyId(
  keyId: z.infer<typeof keyIdSchema>,
  actions: readonly string[],
  ctx: z.RefinementCtx,
): void {
  if (actions.length === 0 || keyId !== undefined) return;
  ctx.addIssue({ code: 'custom', path: ['keyId'], message: `is needed for ${actions.join(', ')}` });
}
