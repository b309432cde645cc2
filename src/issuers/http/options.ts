import { z } from 'zod';
import {
  addressSchema,
  authSchema,
  conditionSchema,
  pathSchema,
  requestSchema,
} from '../../lib/http-request/request-schema.ts';
import {
  keyIdSchema,
  maxKeysSchema,
  partsSchema,
  patternSchema,
  requireKeyId,
} from '../../lib/issuer/declared-schema.ts';
import { propagationSchema } from '../../lib/issuer/propagation-schema.ts';
import { referenceSchema } from '../../lib/reference-schema.ts';

const createSchema = requestSchema.extend({
  parts: partsSchema(pathSchema).describe(
    'Part of the credential → JSON path into the answer: `value: data.secret`.',
  ),
  idempotencyHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/)
    .optional()
    .describe(
      'Header that carries the label, where the API makes one key for one such header: `Idempotency-Key`.',
    ),
  limit: z
    .strictObject({
      status: z.int().min(400).max(499).describe('Status of the refusal.'),
      where: conditionSchema.optional().describe('What tells it from other refusals with that status.'),
    })
    .optional()
    .describe('How the API says that there are too many keys.'),
});

const identifySchema = requestSchema.extend({
  principal: z
    .strictObject({
      id: pathSchema.describe('JSON path to what names the owner of the key: the same for old and new key.'),
      display: pathSchema.optional().describe('JSON path to a name for people.'),
    })
    .describe('Who a key acts as.'),
  basic: z
    .strictObject({
      username: z.string().describe('With placeholders: `{{username}}`.'),
      password: z.string().describe('With placeholders: `{{password}}`.'),
    })
    .optional()
    .describe('HTTP basic authentication with the parts of the key.'),
  dead: z
    .array(z.int().min(400).max(499))
    .min(1)
    .default([401])
    .describe('Statuses that mean that the key is not accepted.'),
  alive: conditionSchema
    .optional()
    .describe('For APIs that answer 200 for dead keys as well: what must hold for a live one.'),
});

const listSchema = requestSchema.extend({
  items: pathSchema.describe('JSON path to the array of keys; `$` when the answer itself is the array.'),
  id: pathSchema.describe('Path in an item to the id of the key, as `keyId` reads it from the material.'),
  label: pathSchema.optional().describe('Path in an item to the label that `create` gave it.'),
  createdAt: pathSchema.optional().describe('Path in an item to the time of creation.'),
  active: conditionSchema.optional().describe('What holds in an item that is active; all are by default.'),
  next: z
    .strictObject({
      cursor: pathSchema.describe('JSON path to what leads to the next page; empty or absent on the last.'),
      parameter: z.string().min(1).describe('Query parameter that takes it.'),
    })
    .optional()
    .describe('How to get the next page; one page by default.'),
});

export const optionsSchema = z
  .strictObject({
    address: addressSchema.describe('Base URL of the API.'),
    auth: authSchema
      .default({})
      .describe(
        'Header → reference to the credential keyturn manages keys with. Sent with all but `identify`.',
      ),
    ca: referenceSchema.optional().describe('Reference to the PEM of a private certificate authority.'),
    create: createSchema.describe('Makes a key. `{{label}}` carries the id of the rotation.'),
    identify: identifySchema
      .optional()
      .describe('Asks who a key acts as; its placeholders are the parts: `{{value}}`.'),
    list: listSchema.optional().describe('Lists the keys: how a key whose answer was lost is found again.'),
    deactivate: requestSchema.optional().describe('Switches the key `{{keyId}}` off; must succeed twice.'),
    activate: requestSchema.optional().describe('Switches the key `{{keyId}}` on again.'),
    delete: requestSchema
      .optional()
      .describe('Removes the key `{{keyId}}` for good; 404 and 410 are success.'),
    lastUsed: requestSchema
      .extend({
        at: pathSchema.describe(
          'JSON path to the time of the last use; empty or null (but there) for never.',
        ),
      })
      .optional()
      .describe('Asks when the key `{{keyId}}` was last used.'),
    keyId: keyIdSchema,
    formats: z
      .record(z.string(), patternSchema)
      .default({})
      .describe('Part → pattern that its whole value must match.'),
    maxKeys: maxKeysSchema.describe('How many keys the API allows; preflight compares it with `list`.'),
    propagation: propagationSchema,
  })
  .superRefine((options, ctx) => {
    const managed = (['deactivate', 'activate', 'delete', 'lastUsed'] as const).filter(
      (name) => options[name],
    );
    requireKeyId(options.keyId, managed, ctx);
    if (options.activate !== undefined && options.deactivate === undefined) {
      ctx.addIssue({ code: 'custom', path: ['activate'], message: 'makes no sense without deactivate' });
    }
    const known = Object.keys(options.create.parts);
    for (const part of [...Object.keys(options.formats), ...(options.keyId ? [options.keyId.part] : [])]) {
      if (!known.includes(part)) {
        ctx.addIssue({ code: 'custom', path: ['create', 'parts'], message: `has no part ${part}` });
      }
    }
  });

export type HttpOptions = z.infer<typeof optionsSchema>;
