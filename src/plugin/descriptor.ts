import { z } from 'zod';
import type { IssuerCapabilities } from '../core/plugins/issuer.ts';
import type { StoreCapabilities } from '../core/plugins/store.ts';
import type { DefinedPlugin } from './define.ts';

/** What types would have said: most of these plug-ins are plain JavaScript. */
const loader = z.custom<() => unknown>((value) => typeof value === 'function', 'must be a function');

const COMMON = {
  id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be small letters, digits and single dashes'),
  title: z.string().min(1),
  summary: z.string().min(1),
  options: loader,
  open: loader,
  emulator: loader,
};

const STORE_CAPABILITIES = z.strictObject({
  readable: z.boolean(),
  versioned: z.boolean(),
  cas: z.boolean(),
  restore: z.enum(['version', 'value', 'none']),
  maxBytes: z.number().int().positive().optional(),
  evidence: z.enum(['read-back', 'timestamp', 'none']),
}) satisfies z.ZodType<Omit<StoreCapabilities, 'maxBytes'>>;

const ISSUER_CAPABILITIES = z.strictObject({
  create: z.enum(['api', 'assisted', 'local']),
  deactivate: z.enum(['api', 'assisted', 'none']),
  reversible: z.boolean(),
  delete: z.boolean(),
  identify: z.boolean(),
  usage: z.boolean(),
  overlap: z.literal(false).optional(),
  maxKeys: z.number().int().positive().optional(),
  parts: z.array(z.string().min(1)),
}) satisfies z.ZodType<Omit<IssuerCapabilities, 'maxKeys' | 'overlap'>>;

const DESCRIPTORS: Readonly<Record<DefinedPlugin['kind'], z.ZodType>> = {
  stores: z.looseObject({
    ...COMMON,
    capabilities: STORE_CAPABILITIES,
    slot: z.looseObject({ ref: z.string().min(1), field: z.string().min(1) }),
  }),
  issuers: z.looseObject({ ...COMMON, capabilities: ISSUER_CAPABILITIES }),
  checks: z.looseObject(COMMON),
  reloads: z.looseObject(COMMON),
  notifiers: z.looseObject(COMMON),
};

/** What is wrong with a descriptor, in one line; undefined when nothing is. */
export function descriptorFault({ kind, plugin }: DefinedPlugin): string | undefined {
  const issues = DESCRIPTORS[kind].safeParse(plugin).error?.issues;
  return issues?.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}
