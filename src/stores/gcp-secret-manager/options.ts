import { z } from 'zod';
import { addressSchema } from '../../lib/address-schema.ts';
import { referenceSchema } from '../../lib/reference-schema.ts';

export const optionsSchema = z.strictObject({
  project: z
    .string()
    .regex(/^([a-z0-9.:-]*[a-z][a-z0-9-]{4,28}[a-z0-9]|\d+)$/, { error: 'must be the id of a project' })
    .describe('The project of the secrets. A `ref` that names another one is refused.'),
  location: z
    .string()
    .regex(/^[a-z]+-[a-z]+\d+$/, { error: 'must be a location such as europe-west3' })
    .optional()
    .describe('The location of regional secrets. Left out: secrets that are not bound to one.'),
  keyFile: referenceSchema
    .optional()
    .describe(
      'Reference to the JSON of a key or of a workload identity configuration (`file:rotator.json`). Left out: application default credentials.',
    ),
  disableReplaced: z
    .boolean()
    .default(false)
    .describe(
      'Disable the version with the old key once a rotation is done. It can be enabled again; nothing is destroyed.',
    ),
  address: addressSchema
    .optional()
    .describe('Address of Secret Manager: a private endpoint, an emulator. Left out: that of Google.'),
});

export type GoogleSecretOptions = z.infer<typeof optionsSchema>;
