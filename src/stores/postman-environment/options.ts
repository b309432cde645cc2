import { z } from 'zod';
import { postmanAddressShape } from '../../lib/postman/address-schema.ts';
import { referenceSchema } from '../../lib/reference-schema.ts';

export const optionsSchema = z.strictObject({
  apiKey: referenceSchema.describe(
    'Reference to a Postman API key that may edit the environment; read once a process.',
  ),
  ...postmanAddressShape,
});

export type PostmanEnvironmentOptions = z.infer<typeof optionsSchema>;
