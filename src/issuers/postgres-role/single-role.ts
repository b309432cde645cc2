import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer } from '../../core/plugins/issuer.ts';
import type { Access } from './access.ts';
import { visit } from './connection.ts';
import { identifyRole } from './identify.ts';
import type { SingleOptions } from './options.ts';
import { newPassword, PASSWORD_PART, passwordOf, refuseDamagedPassword } from './password.ts';
import { preflightSingle } from './preflight.ts';
import { readRole } from './role-facts.ts';
import { scramVerifier } from './scram-verifier.ts';
import { setPassword } from './statements.ts';

/**
 * One password, replaced in place: the old one is refused from then on, and its verifier is gone, so that nobody can
 * bring it back. There is nothing to switch off.
 */
export function singleRole(
  { role }: SingleOptions,
  { server, admin }: Access,
  _ctx: OpenContext,
): Omit<Issuer, 'propagation' | 'close'> {
  const subject = server.name;
  return {
    overlap: false,
    preflight: (oldKey, call) => preflightSingle({ role, server, admin }, oldKey, call.signal),
    // A role has one password: what tells two apart is the password itself.
    keyIdOf: (key) => key[PASSWORD_PART]?.fingerprint(),
    validate: (key) => refuseDamagedPassword(key, subject),
    identify: (key, call) =>
      identifyRole(server, { username: role, password: passwordOf(key, subject) }, undefined, call),
    createKey: async (_label, { signal }) => {
      const action = `set a new password for ${role}`;
      return visit(server, await admin(), { action, signal }, async (session) => {
        await readRole(session, role, subject);
        const password = newPassword();
        await session.change(action, setPassword(role, await scramVerifier(password)));
        return { id: password.fingerprint(), credential: { password } };
      });
    },
  };
}
