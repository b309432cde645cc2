import { z } from 'zod';
import { DURATION_PATTERN } from '../duration.ts';
import { isJsonPath } from '../json-path.ts';
import { referenceSchema } from '../reference-schema.ts';

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/);

/** A record's own words about a key are `Invalid key in record`. */
const badName = {
  error: ({ code }: { code?: string }) => (code === 'invalid_key' ? 'is not a header name' : undefined),
};

const headerFrom = z.union([
  referenceSchema,
  z.strictObject({
    reference: referenceSchema.describe('Reference to the secret in the header.'),
    as: z
      .string()
      .describe(
        'The header around the secret: `Bearer {{value}}`, `Basic {{value | base64}}` for user:password.',
      ),
  }),
]);

/** What every request has; spread into a strict schema, then `superRefine` with a problem finder. */
export const requestShape = {
  url: z
    .string()
    .describe(
      'Address asked. Path and query may hold placeholders, which are percent-encoded; scheme, host and port may not.',
    ),
  headers: z
    .record(headerName, z.string(), badName)
    .default({})
    .describe('Headers; values may hold placeholders. Secrets other than the key belong in `headersFrom`.'),
  headersFrom: z
    .record(headerName, headerFrom, badName)
    .default({})
    .describe('Headers whose value is a secret of its own: name → reference, or `{reference, as}`.'),
  ca: referenceSchema
    .optional()
    .describe('Reference to the PEM of a private certificate authority (`file:ca.pem`).'),
  allowInsecure: z
    .boolean()
    .default(false)
    .describe(
      'Accept plain http to another machine. Whatever the request carries can then be read on the way.',
    ),
};

const method = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export function methodSchema(usual: z.infer<typeof method>): z.ZodDefault<typeof method> {
  return method.default(usual);
}

export const bodySchema = z
  .string()
  .optional()
  .describe(
    'Body; may hold placeholders (`{{value | json}}` within JSON). It needs a `content-type` header.',
  );

const oneStatus = z.union([
  z.int().min(200).max(599),
  z.string().regex(/^[2-5]xx$/, { error: 'must be a status (200) or a class of them (2xx)' }),
]);

export const expectationSchema = z
  .strictObject({
    status: z
      .union([oneStatus, z.array(oneStatus).min(1)])
      .default('2xx')
      .describe('Status that passes: a number, `2xx`, or a list of these. Redirects are never followed.'),
    jsonPath: z
      .string()
      .refine(isJsonPath, { error: 'must be a dotted path such as data.keys[0].id' })
      .optional()
      .describe('Path into a JSON answer: `user.id`, `data.keys[0].id`, `data["a.b"]`.'),
    equals: z
      .union([z.string(), z.number(), z.boolean(), z.null()])
      .optional()
      .describe('What must stand at `jsonPath`; a string may hold placeholders.'),
    exists: z
      .boolean()
      .optional()
      .describe('Whether anything must (true) or must not (false) stand at `jsonPath`.'),
    bodyContains: z.string().min(1).optional().describe('Text the body must contain; may hold placeholders.'),
  })
  .refine(
    ({ jsonPath, equals, exists }) =>
      jsonPath !== undefined || (equals === undefined && exists === undefined),
    {
      error: '`equals` and `exists` speak of what stands at `jsonPath`, which is missing',
    },
  )
  .refine(({ equals, exists }) => equals === undefined || exists === undefined, {
    error: 'give `equals` or `exists`, not both',
  });

/** Attempts in all, and the pause between two of them. */
export function attemptsShape(usual: { attempts: number; interval: string }) {
  return {
    attempts: z.int().min(1).max(1000).default(usual.attempts).describe('Tries in all, the first included.'),
    interval: z
      .string()
      .regex(DURATION_PATTERN, { error: 'must be a duration such as 500ms, 2s or 1m' })
      .default(usual.interval)
      .describe('Pause between two tries: 500ms, 2s, 1m.'),
  };
}
