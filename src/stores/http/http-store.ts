import type { OpenContext } from '../../core/plugins/contexts.ts';
import {
  type Slot,
  type Store,
  type StoreIdentity,
  type Version,
  WHOLE,
  type WriteContext,
} from '../../core/plugins/store.ts';
import { jsonOf } from '../../lib/http/answer.ts';
import { createHttpClient } from '../../lib/http/http-client.ts';
import { createSend, type Send, unexpected } from '../../lib/http-request/send-request.ts';
import { textAt } from '../../lib/http-request/text-at.ts';
import { declaredStore } from '../../lib/store/declared-store.ts';
import { declaredWriteOnlyStore } from '../../lib/store/declared-write-only-store.ts';
import { addressingOf } from './addressing.ts';
import type { HttpStoreOptions } from './options-shape.ts';
import { readSlot } from './read-slot.ts';
import { restoreVersion, writeSlot } from './write-slot.ts';

/** A store made of the requests in the config: what is not configured is not there. */
export async function openHttpStore(options: HttpStoreOptions, ctx: OpenContext): Promise<Store> {
  const { name } = ctx;
  const ca = options.ca === undefined ? {} : { ca: (await ctx.resolve(options.ca)).reveal() };
  const http = createHttpClient({ name, baseUrl: options.address, timeoutMs: ctx.timeoutMs, ...ca });
  const send = createSend(http, options.auth, ctx);
  const { named, writesEach, tellsVersion } = addressingOf(options);
  const { restore } = options;
  const about = (slot: Slot, call: WriteContext) => ({ ...call, subject: `${name}/${slot.ref}` });

  const declared = options.writeOnly ? declaredWriteOnlyStore : declaredStore;
  const store = declared(name, {
    // Requests for one field each cannot be refused together.
    comparesVersions: ({ fields }) => tellsVersion && !(writesEach && fields.length > 1),
    problemOf: ({ fields }) => {
      const nameless = fields.length === 1 && fields[0] === WHOLE;
      if (named === !fields.includes(WHOLE) && (named || nameless)) return undefined;
      return named ? 'it needs a `field`' : 'its requests have no place for a field: a slot is one value';
    },
    whoami: async ({ signal }) => identityOf(options, send, name, signal),
    read: (slot, call) => readSlot(options, send, slot, name, call),
    write: async (slot, values, expected, call) => {
      const needsVersion = tellsVersion && expected === undefined;
      const now = needsVersion ? await readSlot(options, send, slot, name, call) : undefined;
      return writeSlot(options, send, slot, values, expected ?? now?.version, about(slot, call));
    },
    ...(restore && {
      restore: (slot: Slot, versions: Versions, call: WriteContext) =>
        restoreVersion(restore, send, slot, versions, about(slot, call)),
    }),
  });
  return { ...store, close: async () => http.close() };
}

interface Versions {
  readonly before: Version;
  readonly expected: Version;
}

async function identityOf(
  { whoami, address }: HttpStoreOptions,
  send: Send,
  name: string,
  signal: AbortSignal,
): Promise<StoreIdentity> {
  if (whoami === undefined) return { display: address, attributes: { address } };
  const about = { subject: name, action: 'ask who keyturn acts as', effect: 'read' as const };
  const { answer, expected } = await send({
    ...about,
    request: whoami,
    values: {},
    authorized: true,
    signal,
  });
  if (!expected) throw unexpected(answer, about);
  const document = jsonOf(answer, about);
  const attributes = Object.entries(whoami.attributes).flatMap(([attribute, path]): [string, string][] => {
    const text = textAt(document, path);
    return text === undefined ? [] : [[attribute, text]];
  });
  const display = textAt(document, whoami.display) ?? address;
  return { display, attributes: { address, ...Object.fromEntries(attributes) } };
}
