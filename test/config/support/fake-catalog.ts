import { z } from 'zod';
import type { PluginCatalog } from '../../../src/config/plugin-catalog.ts';
import type { IssuerCapabilities } from '../../../src/core/plugins/issuer.ts';
import { referenceSchema } from '../../../src/lib/reference-schema.ts';

const neverOpened = (): never => {
  throw new Error('a config is read without opening anything');
};

function facts(id: string, options: z.ZodType) {
  return {
    id,
    title: id,
    summary: `The ${id} of the tests.`,
    options: async () => options,
    open: neverOpened,
    emulator: neverOpened,
  };
}

const authSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('token'), token: referenceSchema }),
  z.strictObject({ method: z.literal('approle'), roleId: z.string(), secretId: referenceSchema }),
]);

const vault = {
  ...facts(
    'vault',
    z.strictObject({
      address: z.url().describe('URL of the server.'),
      token: referenceSchema.optional(),
      mount: z.string().default('secret').describe('Path of the engine.'),
      auth: authSchema.optional(),
      headers: z.record(z.string(), z.string()).optional(),
    }),
  ),
  capabilities: {
    readable: true,
    versioned: true,
    cas: true,
    restore: 'version',
    maxBytes: undefined,
    evidence: 'read-back',
  },
  slot: { ref: 'Path of the secret.', field: 'A field of it.' },
} as const;

function issuer(id: string, parts: readonly string[]) {
  const capabilities: IssuerCapabilities = {
    create: 'api',
    deactivate: 'api',
    reversible: true,
    delete: true,
    identify: true,
    usage: false,
    maxKeys: undefined,
    parts,
  };
  return { ...facts(id, z.strictObject({ region: z.enum(['us', 'eu']).default('us') })), capabilities };
}

const http = facts(
  'http',
  z.strictObject({ url: z.string().min(1), method: z.enum(['GET', 'POST']).default('GET') }),
);
const requestSchema = z.strictObject({
  path: z.string(),
  method: z.enum(['GET', 'POST']).optional(),
  retries: z.number().optional(),
});

/** Options as deep as any: lists, choices between forms, values by names. */
const probe = facts(
  'probe',
  z
    .strictObject({
      requests: z.array(requestSchema),
      answer: z.union([z.int(), z.strictObject({ from: z.int(), to: z.int() })]).optional(),
      marks: z.record(z.string(), z.enum(['low', 'high'])).optional(),
      seen: z.date().optional(),
      tag: z.string().optional(),
    })
    .superRefine(({ tag }, ctx) => {
      if (tag === 'whole')
        ctx.addIssue({ code: 'custom', message: 'Tags go by halves', path: ['tag', 'half', 'size'] });
    }),
);
const command = facts('command', z.strictObject({ command: z.array(z.string()).min(1) }));

/** Plug-ins that are nothing but their options. */
export const fakeCatalog: PluginCatalog = {
  stores: {
    vault: async () => vault,
    files: async () => ({ ...vault, ...facts('files', z.strictObject({})) }),
  },
  issuers: {
    postman: async () => issuer('postman', ['value']),
    'aws-iam': async () => issuer('aws-iam', ['accessKeyId', 'secretAccessKey']),
    free: async () => issuer('free', []),
  },
  checks: { http: async () => http, probe: async () => probe },
  reloads: { command: async () => command },
  notifiers: { pager: async () => facts('pager', z.strictObject({ number: z.string() })) },
};
