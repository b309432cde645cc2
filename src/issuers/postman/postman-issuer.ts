import type { Credential } from '../../core/credential.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer, Propagation } from '../../core/plugins/issuer.ts';
import { createHttpClient } from '../../lib/http/http-client.ts';
import { stopIfAsked } from '../../lib/issuer/stop-if-asked.ts';
import { withoutPastedNewline } from '../../lib/issuer/without-pasted-newline.ts';
import { acceptNewKey } from './accept-new-key.ts';
import { publicHalf, refuseOtherThanKey } from './key-format.ts';
import { askMe } from './me.ts';
import { BASE_URLS, type PostmanOptions } from './options.ts';
import { preflightFindings } from './preflight.ts';
import { deleteKeyTask, makeKeyTask, NEW_KEY_PARTS } from './web-pages.ts';

/** Postman documents no delay; the API has several instances, so one answer is not taken for all. */
const PROPAGATION: Propagation = { confirmations: 2, intervalMs: 2_000, deadlineMs: 120_000 };

export function openPostmanIssuer(options: PostmanOptions, ctx: OpenContext): Issuer {
  const { name, operator } = ctx;
  const http = createHttpClient({
    name,
    baseUrl: options.baseUrl ?? BASE_URLS[options.region],
    timeoutMs: ctx.timeoutMs,
    connections: 4,
  });

  return {
    propagation: PROPAGATION,
    preflight: (oldKey, call) => preflightFindings(oldKey, name, () => askMe(http, oldKey, ctx, call)),
    keyIdOf: publicHalf,
    validate: (key) => refuseOtherThanKey(key, name),
    identify: async (key, call) => (await askMe(http, key, ctx, call)).principal,
    createKey: async (label, call) => {
      stopIfAsked(call, name);
      const check = (given: Credential): Promise<void> => {
        const candidate = withoutPastedNewline(given);
        const ask = () => askMe(http, candidate, ctx, call);
        return acceptNewKey(candidate, call.replaces, { subject: name, ask });
      };
      const { signal } = call;
      const given = await operator.provideCredential(makeKeyTask(label), NEW_KEY_PARTS, { check, signal });
      const credential = withoutPastedNewline(given);
      return { id: publicHalf(credential) ?? label, credential };
    },
    deactivateKey: async (ref, call) => {
      stopIfAsked(call, name);
      await operator.confirmDone(deleteKeyTask(ref), { signal: call.signal });
    },
    close: async () => http.close(),
  };
}
