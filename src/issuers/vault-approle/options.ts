import { z } from 'zod';
import { refusePlainHttp } from '../../lib/http-probe/refuse-plain-http.ts';
import { vaultConnectionShape } from '../../lib/vault/connection-options.ts';

const shape = z.strictObject({
  ...vaultConnectionShape,
  mount: z
    .string()
    .regex(/^[^/\s]+(\/[^/\s]+)*$/, { error: 'must be a mount path without leading or trailing slash' })
    .default('approle')
    .describe('Where AppRole is mounted, without `auth/`.'),
  role: z
    .string()
    .regex(/^[\w. -]+$/, {
      error: 'must be the name of a role: letters, digits, space, hyphen, underscore, period',
    })
    .describe('The role whose secret id is rotated.'),
  ttlSeconds: z
    .int()
    .positive()
    .optional()
    .describe('Seconds until the new secret id expires by itself; left out, as the role says.'),
  cidrs: z
    .array(z.string().regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/, { error: 'must be a block such as 10.1.0.0/16' }))
    .min(1)
    .optional()
    .describe('Blocks of addresses that may log in with the new secret id; left out, as the role says.'),
});

export const optionsSchema = shape.superRefine(refusePlainHttp);

export type AppRoleOptions = z.infer<typeof optionsSchema>;
