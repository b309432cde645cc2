import { z } from 'zod';
import { refusePlainHttp } from '../../lib/http-probe/refuse-plain-http.ts';
import { vaultConnectionShape } from '../../lib/vault/connection-options.ts';

const shape = z.strictObject({
  ...vaultConnectionShape,
  mounts: z
    .record(z.string().min(1), z.union([z.literal(1), z.literal(2)]))
    .optional()
    .describe(
      'Mount path → version of its key-value engine (`{ secret: 2 }`), for tokens that may not ask the server.',
    ),
});

export const optionsSchema = shape.superRefine(refusePlainHttp);

export type VaultOptions = z.infer<typeof optionsSchema>;
