import { z } from 'zod';
import { isJsonPath } from '../json-path.ts';
import { referenceSchema } from '../reference-schema.ts';

/** A dotted path into a JSON answer. Looked at here: some are first followed when a write is done. */
export const pathSchema = z.string().min(1).refine(isJsonPath, {
  error: 'must be a path such as data.keys[0].id, without wildcards and filters',
});

/** Something that must be so in the JSON of an answer. */
export const conditionSchema = z.strictObject({
  path: pathSchema.describe('JSON path into the answer: `data.status`.'),
  equals: z
    .union([z.string(), z.number(), z.boolean()])
    .describe('What stands there when the condition holds.'),
});
export type Condition = z.infer<typeof conditionSchema>;

/** A placeholder that is not encoded could climb out of its place in the path. */
const EVERY_PLACEHOLDER_ENCODED =
  /^\/(?!\/)(?:(?!\{\{)[\x21-\x7e]|\{\{\s*[A-Za-z][\w.-]*\s*\|\s*(?:url|path)\s*\}\})*$/;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export const requestSchema = z.strictObject({
  method: z.enum(METHODS).describe('HTTP method.'),
  path: z
    .string()
    .regex(EVERY_PLACEHOLDER_ENCODED, {
      error: 'must begin with one / and encode each placeholder: {{name | url}}',
    })
    .describe(
      'Appended to `address`; placeholders as `{{name | url}}`, or `{{name | path}}` to keep its slashes.',
    ),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string())
    .optional()
    .describe('Further headers, with placeholders. Credentials of keyturn’s own belong into `auth`.'),
  body: z
    .union([z.string(), z.record(z.string(), z.json())])
    .optional()
    .describe('A mapping is sent as JSON, with placeholders in its strings; a text is sent as it is filled.'),
  expect: z
    .array(
      z
        .int()
        .min(200)
        .max(499)
        .refine((status) => status < 300 || status >= 400, { error: 'a redirect is never success' }),
    )
    .min(1)
    .optional()
    .describe('Statuses that mean success; any 2xx by default.'),
});
export type RequestOptions = z.infer<typeof requestSchema>;

export const authSchema = z.record(
  z.string().regex(/^[A-Za-z0-9-]+$/),
  z.strictObject({
    prefix: z.string().default('').describe('Stands in front of the value: `Bearer ` (with its space).'),
    value: referenceSchema,
  }),
);

export type AuthOptions = z.infer<typeof authSchema>;

const THIS_MACHINE = ['127.0.0.1', 'localhost', '[::1]'];

export const addressSchema = z.url({ abort: true }).refine(
  (address) => {
    const { protocol, hostname, username, search, hash } = new URL(address);
    if (username !== '' || search !== '' || hash !== '') return false;
    return protocol === 'https:' || (protocol === 'http:' && THIS_MACHINE.includes(hostname));
  },
  { error: 'must begin with https:// (http:// only for this machine), without user, query or fragment' },
);
