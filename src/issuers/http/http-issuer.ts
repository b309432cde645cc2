import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer, KeyRef } from '../../core/plugins/issuer.ts';
import { createHttpClient } from '../../lib/http/http-client.ts';
import type { RequestOptions } from '../../lib/http-request/request-schema.ts';
import { createSend, unexpected } from '../../lib/http-request/send-request.ts';
import { declaredIssuer } from '../../lib/issuer/declared-issuer.ts';
import { checkTemplates } from './check-templates.ts';
import { createKey } from './create-key.ts';
import { identify } from './identify.ts';
import { askLastUsed } from './last-used.ts';
import { listKeys } from './list-keys.ts';
import type { HttpOptions } from './options.ts';

type Change = (ref: KeyRef, ctx: CallContext) => Promise<void>;

/** An issuer made of the requests in the config: a method is there exactly when its request is. */
export async function openHttpIssuer(options: HttpOptions, ctx: OpenContext): Promise<Issuer> {
  const { name } = ctx;
  checkTemplates(options, name);
  const ca = options.ca === undefined ? {} : { ca: (await ctx.resolve(options.ca)).reveal() };
  const http = createHttpClient({ name, baseUrl: options.address, timeoutMs: ctx.timeoutMs, ...ca });
  const send = createSend(http, options.auth, ctx);
  const { list, lastUsed } = options;

  const change = (request: RequestOptions, action: string, absent: readonly number[]): Change => {
    const about = { subject: name, action, effect: 'write' as const };
    return async (ref, { signal }) => {
      const call = { ...about, request, values: { keyId: ref.id }, authorized: true, signal };
      const { answer, expected } = await send(call);
      if (!expected && !absent.includes(answer.status)) throw unexpected(answer, about);
    };
  };
  const listed = list && ((call: CallContext) => listKeys(list, send, name, call));

  return {
    ...declaredIssuer(name, { ...options, parts: Object.keys(options.create.parts), listKeys: listed }),
    createKey: (label, call) => createKey(options, send, name, label, call),
    ...(options.identify && { identify: identifyWith(options.identify, send, name) }),
    ...(listed && { listKeys: listed }),
    ...(options.deactivate && { deactivateKey: change(options.deactivate, 'deactivate the key', []) }),
    ...(options.activate && { activateKey: change(options.activate, 'activate the key', []) }),
    ...(options.delete && { deleteKey: change(options.delete, 'delete the key', [404, 410]) }),
    ...(lastUsed && {
      lastUsed: (ref: KeyRef, call: CallContext) => askLastUsed(lastUsed, send, name, ref, call),
    }),
    close: async () => http.close(),
  };
}

function identifyWith(
  options: NonNullable<HttpOptions['identify']>,
  send: ReturnType<typeof createSend>,
  name: string,
): NonNullable<Issuer['identify']> {
  return (key, call) => identify(options, send, name, key, call);
}
