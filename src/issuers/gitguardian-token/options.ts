import { z } from 'zod';
import { addressSchema } from '../../lib/address-schema.ts';
import { referenceSchema } from '../../lib/reference-schema.ts';

export const optionsSchema = z.strictObject({
  manager: referenceSchema.describe(
    'Reference to another token of the workspace, with `api_tokens:write` and every scope of the new token. It makes tokens of its own type only.',
  ),
  scopes: z
    .array(
      z
        .string()
        .regex(/^[a-z][a-z_-]*(?::[a-z][a-z-]*)?$/, { error: 'must be a scope such as incidents:read' }),
    )
    .min(1)
    .describe('Scopes of the new token: `scan`, `incidents:read`, …'),
  lifetimeDays: z
    .int()
    .min(1)
    .max(3650)
    .default(365)
    .describe('Days until the new token expires, unless it is rotated before.'),
  region: z.enum(['us', 'eu']).default('us').describe('Where the workspace is.'),
  baseUrl: addressSchema
    .refine((address) => !/[?#@]/.test(address), { error: 'must not have a user name, query or fragment' })
    .optional()
    .describe(
      'Address of the API with its version, in place of that of `region`: `https://HOST/exposed/v1`.',
    ),
});

export type GitguardianOptions = z.infer<typeof optionsSchema>;

export const BASE_URLS = {
  us: 'https://api.gitguardian.com/v1',
  eu: 'https://api.eu1.gitguardian.com/v1',
} as const satisfies Record<GitguardianOptions['region'], string>;
