import type { Credential } from '../../core/credential.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer, Propagation } from '../../core/plugins/issuer.ts';
import { createHttpClient } from '../../lib/http/http-client.ts';
import { stopIfAsked } from '../../lib/issuer/stop-if-asked.ts';
import { withoutPastedNewline } from '../../lib/issuer/without-pasted-newline.ts';
import { acceptNewKey } from './accept-new-key.ts';
import { askAccount } from './account.ts';
import { expireKeyTask, NEW_KEY_PARTS, rollKeyTask } from './dashboard.ts';
import { kindOf, requireKey } from './key-format.ts';
import type { StripeOptions } from './options.ts';
import { preflightFindings } from './preflight.ts';

/** An expiry was seen to take some ten seconds to reach every server: see notes.md. */
const PROPAGATION: Propagation = { confirmations: 3, intervalMs: 3_000, deadlineMs: 180_000 };

export function openStripeIssuer({ baseUrl, account }: StripeOptions, ctx: OpenContext): Issuer {
  const { name: subject, operator, timeoutMs } = ctx;
  const http = createHttpClient({ name: subject, baseUrl, timeoutMs, connections: 4 });
  const ask = (key: Credential, call: CallContext) =>
    askAccount(http, key, { subject, expected: account }, call);

  return {
    propagation: PROPAGATION,
    preflight: (oldKey, call) =>
      preflightFindings(
        subject,
        () => requireKey(oldKey, subject),
        () => ask(oldKey, call),
      ),
    keyIdOf: (key) => kindOf(key)?.id,
    validate: (key) => void requireKey(key, subject),
    identify: ask,
    createKey: async (label, call) => {
      stopIfAsked(call, subject);
      const check = async (given: Credential): Promise<void> => {
        const candidate = withoutPastedNewline(given);
        await acceptNewKey(candidate, call.replaces, { subject, ask: () => ask(candidate, call) });
      };
      const task = rollKeyTask(label, call.replaces);
      const given = await operator.provideCredential(task, NEW_KEY_PARTS, { check, signal: call.signal });
      const credential = withoutPastedNewline(given);
      return { id: requireKey(credential, subject).id, credential };
    },
    deactivateKey: async (ref, call) => {
      stopIfAsked(call, subject);
      await operator.confirmDone(expireKeyTask(ref), { signal: call.signal });
    },
    close: async () => http.close(),
  };
}
