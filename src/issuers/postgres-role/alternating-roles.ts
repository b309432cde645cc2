import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer, KeyRecord } from '../../core/plugins/issuer.ts';
import { Secret } from '../../core/secret.ts';
import type { Access } from './access.ts';
import { chooseRole } from './choose-role.ts';
import type { Session } from './connection.ts';
import { visit } from './connection.ts';
import { identifyRole, loginOf } from './identify.ts';
import type { AlternateOptions } from './options.ts';
import { newPassword, refuseDamagedPassword, refusedKey, USERNAME_PART } from './password.ts';
import { preflightAlternating } from './preflight.ts';
import { type RoleFacts, readRole, readRoles } from './role-facts.ts';
import { scramVerifier } from './scram-verifier.ts';
import { allowLogin, clearPassword, comment, forbidLogin, setPassword } from './statements.ts';

/** Role A is in use, role B gets a new password and is what services move to; the next time it is the other way round. */
export function alternatingRoles(
  { roles, owner }: AlternateOptions,
  { server, admin }: Access,
  { clock }: OpenContext,
): Omit<Issuer, 'propagation' | 'close'> {
  const subject = server.name;

  const asAdmin = async <T>(
    action: string,
    { signal }: CallContext,
    work: (session: Session) => Promise<T>,
  ): Promise<T> => visit(server, await admin(), { action, signal }, work);

  /** A role of the config, which keyturn does not log in as itself. @throws RotationError REFUSED */
  const ours = async (id: string, action: string): Promise<string> => {
    const reason = !roles.includes(id)
      ? `it is neither ${roles.join(' nor ')}`
      : (await admin()).username === id
        ? 'keyturn itself logs in as this role'
        : undefined;
    if (reason === undefined) return id;
    throw new RotationError('REFUSED', { subject, action: `${action} ${id}`, reason });
  };

  return {
    preflight: (oldKey, call) => preflightAlternating({ roles, owner, server, admin }, oldKey, call.signal),
    keyIdOf: (key) => key[USERNAME_PART]?.reveal(),
    validate: (key) => {
      const { username } = loginOf(key, subject);
      refuseDamagedPassword(key, subject);
      if (roles.includes(username)) return;
      throw refusedKey(subject, `its username is neither ${roles.join(' nor ')}`);
    },
    identify: (key, call) => identifyRole(server, loginOf(key, subject), owner, call),
    listKeys: (call) =>
      asAdmin('look at the roles', call, async (session) =>
        [...(await readRoles(session, roles)).values()].filter(hasKey).map(recordOf),
      ),
    createKey: (label, call) =>
      asAdmin('choose the other role', call, async (session) => {
        const facts = await readRoles(session, roles);
        const role = chooseRole(roles, facts, label, call.replaces?.id, subject);
        const id = await ours(role.name, 'set a password for');
        const password = newPassword();
        await session.change(
          `set a new password for ${id}`,
          setPassword(id, await scramVerifier(password)),
          comment(id, { ...role.comment, label }),
        );
        return { id, credential: { username: new Secret(id), password } };
      }),
    deactivateKey: async (ref, call) => {
      const action = `switch off ${ref.id}`;
      const id = await ours(ref.id, 'switch off');
      await asAdmin(action, call, async (session) => {
        const role = await readRole(session, id, subject);
        if (!role.canLogin && role.comment.label !== undefined) return;
        const label = role.comment.label ?? '';
        await session.change(action, forbidLogin(id), comment(id, { ...role.comment, label }));
      });
    },
    activateKey: async (ref, call) => {
      const action = `switch on ${ref.id}`;
      const id = await ours(ref.id, 'switch on');
      await asAdmin(action, call, async (session) => {
        const role = await readRole(session, id, subject);
        if (role.canLogin) return;
        if (role.comment.label === undefined) {
          throw new RotationError('REFUSED', { subject, action, reason: 'its password is cleared' });
        }
        await session.change(action, allowLogin(id));
      });
    },
    deleteKey: async (ref, call) => {
      const action = `clear the password of ${ref.id}`;
      const id = await ours(ref.id, 'clear the password of');
      await asAdmin(action, call, async (session) => {
        const role = (await readRoles(session, [id])).get(id);
        if (role === undefined) return;
        const { text } = role.comment;
        await session.change(action, clearPassword(id), comment(id, { text, label: undefined }));
      });
    },
    lastUsed: (ref, call) =>
      asAdmin(`look for sessions of ${ref.id}`, call, async (session) => {
        const { sessions } = await readRole(session, ref.id, subject);
        if (sessions === 0) return { lastUsedAt: undefined, observed: `no session of ${ref.id} is open` };
        return { lastUsedAt: new Date(clock.now()).toISOString(), details: { openSessions: sessions } };
      }),
  };
}

/** A role at rest (NOLOGIN, and nobody switched it off) has no key. */
function hasKey(role: RoleFacts): boolean {
  return role.canLogin || role.comment.label !== undefined;
}

/** Without a label of ours it has an empty one: a key that somebody else made must not be taken for an orphan. */
function recordOf(role: RoleFacts): KeyRecord {
  return {
    id: role.name,
    status: role.canLogin ? 'active' : 'inactive',
    label: role.comment.label ?? '',
  };
}
