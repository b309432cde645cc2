import type { Credential } from '../../core/credential.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer, Propagation } from '../../core/plugins/issuer.ts';
import { webUrl } from '../../lib/github/address.ts';
import { connectToGithub } from '../../lib/github/github-client.ts';
import { stopIfAsked } from '../../lib/issuer/stop-if-asked.ts';
import { withoutPastedNewline } from '../../lib/issuer/without-pasted-newline.ts';
import { acceptNewToken } from './accept-new-token.ts';
import { askUser } from './ask-user.ts';
import type { GithubIssuerOptions } from './options.ts';
import { preflightFindings } from './preflight.ts';
import { revokeToken } from './revoke-token.ts';
import { hashedToken, refuseOtherThanToken } from './token-format.ts';
import { deleteTokenTask, makeTokenTask, NEW_TOKEN_PARTS } from './web-pages.ts';

/** A revocation is taken first and carried out afterwards; GitHub names no time. Asking with dead tokens is not free, so not too often. */
const PROPAGATION: Propagation = { confirmations: 2, intervalMs: 5_000, deadlineMs: 300_000 };

export async function openGithubIssuer(options: GithubIssuerOptions, ctx: OpenContext): Promise<Issuer> {
  const { name, operator } = ctx;
  const http = await connectToGithub(options, ctx);
  const web = webUrl(options.address);

  return {
    propagation: PROPAGATION,
    preflight: (oldKey, call) =>
      preflightFindings(oldKey, name, options, () => askUser(http, oldKey, name, call.signal)),
    keyIdOf: hashedToken,
    validate: (key) => refuseOtherThanToken(key, name),
    identify: (key, call) => askUser(http, key, name, call.signal),
    createKey: async (label, call) => {
      stopIfAsked(call, name);
      const { signal, replaces } = call;
      const check = (given: Credential): Promise<void> => {
        const candidate = withoutPastedNewline(given);
        const ask = () => askUser(http, candidate, name, signal);
        return acceptNewToken(candidate, replaces, { ...options, subject: name, ask });
      };
      const task = makeTokenTask(label, web, options.kind, replaces);
      const given = await operator.provideCredential(task, NEW_TOKEN_PARTS, { check, signal });
      const credential = withoutPastedNewline(given);
      return { id: hashedToken(credential) ?? label, credential };
    },
    deactivateKey: async ({ id, material }, call) => {
      stopIfAsked(call, name);
      if (options.revocation === 'api' && material !== undefined) {
        await revokeToken(http, await material(), name, call.signal);
      } else {
        await operator.confirmDone(deleteTokenTask({ id }, web), { signal: call.signal });
      }
    },
    close: async () => http.close(),
  };
}
