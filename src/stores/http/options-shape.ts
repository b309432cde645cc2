import { z } from 'zod';
import {
  addressSchema,
  authSchema,
  pathSchema,
  requestSchema,
} from '../../lib/http-request/request-schema.ts';
import { referenceSchema } from '../../lib/reference-schema.ts';

const refusalSchema = z.array(z.int().min(400).max(499));

const versionSchema = z
  .union([
    z.strictObject({
      header: z
        .string()
        .regex(/^[A-Za-z0-9-]+$/)
        .describe('Header of the answer: `etag`.'),
    }),
    z.strictObject({ path: pathSchema.describe('JSON path into the answer: `meta.version`.') }),
  ])
  .optional();

const readSchema = requestSchema.extend({
  fields: pathSchema
    .optional()
    .describe(
      'JSON path to a mapping of fields to values: one request reads the whole slot. With `writeOnly` a list of names will do: values are not looked at.',
    ),
  value: pathSchema
    .optional()
    .describe('JSON path to one value: the slot is that value, or there is a request for each `{{field}}`.'),
  version: versionSchema.describe(
    'Where the answer tells the version; a keyed hash of the values by default.',
  ),
  updatedAt: pathSchema.optional().describe('JSON path to the time of the last change.'),
  missing: refusalSchema.default([404]).describe('Statuses that mean that there is no such slot or field.'),
});

const writeSchema = requestSchema.extend({
  version: versionSchema.describe('Where the answer tells the version that was made.'),
  conflict: refusalSchema
    .default([409, 412])
    .describe('Statuses that mean that `{{version}}` is not current any more.'),
});

/** Each option by itself; what they say together is looked at in options.ts. */
export const optionsShape = z.strictObject({
  address: addressSchema.describe('Base URL of the API.'),
  auth: authSchema
    .default({})
    .describe('Header → reference to the credential keyturn reads and writes with. Sent with every request.'),
  ca: referenceSchema.optional().describe('Reference to the PEM of a private certificate authority.'),
  read: readSchema.describe('Reads a slot. Placeholders: `{{ref}}`, `{{field}}`.'),
  writeOnly: z
    .boolean()
    .default(false)
    .describe(
      'The API shows no values: `read` tells that a slot is there and, with `version` or `updatedAt`, when it was written.',
    ),
  write: writeSchema.describe(
    'Writes a slot. Placeholders: `{{ref}}`; `{{field}}` and `{{value}}`, or `"{{values}}"`; `{{version}}`, `{{rotationId}}`, `{{idempotencyToken}}`.',
  ),
  restore: requestSchema
    .optional()
    .describe(
      'Brings the version `{{before}}` back. Placeholders: `{{ref}}`, `{{field}}`, `{{version}}` (the one that is live), `{{rotationId}}`.',
    ),
  whoami: requestSchema
    .extend({
      display: pathSchema.describe('JSON path to a name for people.'),
      attributes: z
        .record(z.string().min(1), pathSchema)
        .default({})
        .describe('Attribute that `expect` may name → JSON path: `account: data.account.id`.'),
    })
    .optional()
    .describe('Asks who keyturn acts as.'),
});

export type HttpStoreOptions = z.infer<typeof optionsShape>;
