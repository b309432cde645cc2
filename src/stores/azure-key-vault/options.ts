import { z } from 'zod';
import { addressSchema } from '../../lib/address-schema.ts';
import { referenceSchema } from '../../lib/reference-schema.ts';

const identifier = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.-]*$/, { error: 'must be an id or a domain' });

export const optionsSchema = z
  .strictObject({
    address: addressSchema.describe('Address of the vault: `https://acme-prod.vault.azure.net`.'),
    tenantId: identifier.optional().describe('The directory of the application (with `clientSecret`).'),
    clientId: identifier.optional().describe('The application to act as (with `clientSecret`).'),
    clientSecret: referenceSchema
      .optional()
      .describe(
        'Reference to a secret of the application. Left out: what DefaultAzureCredential finds (environment, workload or managed identity, az login).',
      ),
    authority: addressSchema
      .optional()
      .describe(
        'Address of the directory (with `clientSecret`), for other clouds. Left out: https://login.microsoftonline.com.',
      ),
  })
  .refine(isWholeApplication, {
    error:
      'give `tenantId`, `clientId` and `clientSecret` together, or none of them (then no `authority` either)',
  });

export type KeyVaultOptions = z.infer<typeof optionsSchema>;

/** A part alone would be ignored silently. */
function isWholeApplication(options: {
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly authority?: string | undefined;
}): boolean {
  const { tenantId, clientId, clientSecret, authority } = options;
  const given = [tenantId, clientId, clientSecret].filter((part) => part !== undefined).length;
  return given === 3 || (given === 0 && authority === undefined);
}
