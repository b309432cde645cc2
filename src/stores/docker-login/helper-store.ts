import type { Fields } from '../../core/credential.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import { fingerprintOf } from '../../core/fingerprint.ts';
import type { Restoration, Slot, Store, StoredSecret, Version } from '../../core/plugins/store.ts';
import { Secret } from '../../core/secret.ts';
import { reported } from '../../lib/store/reported.ts';
import type { CredentialHelper } from './credential-helper.ts';
import { changedLogin, fieldOf, type Login } from './login.ts';

type Operations = Pick<Store, 'preflight' | 'read' | 'write' | 'restore'>;

/** Logins that a helper keeps. It knows no versions: what was read is compared right before a write, and no more. */
export function helperStore(helper: CredentialHelper, store: string): Operations {
  const subjectOf = ({ ref }: Slot): string => `${store}/${ref}`;

  const current = async (slot: Slot, signal: AbortSignal): Promise<Login> => {
    const login = await helper.get(slot.ref, signal);
    if (login !== undefined) return login;
    throw new RotationError('NOT_FOUND', {
      subject: subjectOf(slot),
      reason: 'the credential helper has no login to it',
      hint: 'Log in once with `docker login`; check how the registry is written.',
    });
  };

  const put = async (
    slot: Slot,
    login: Login,
    values: Fields<Secret>,
    signal: AbortSignal,
  ): Promise<Login> => {
    const plain = Object.entries(values).map(([field, value]) => [field, value.reveal()] as const);
    const next = changedLogin(login, Object.fromEntries(plain), subjectOf(slot));
    if (versionOf(next) !== versionOf(login)) await storeSurely(slot, login, next, signal);
    return next;
  };

  /** A helper that says that it failed is believed only where it still holds what it held. */
  const storeSurely = async (slot: Slot, before: Login, next: Login, signal: AbortSignal): Promise<void> => {
    try {
      await helper.store(slot.ref, next, signal);
    } catch (error) {
      if (!isRotationError(error, 'REFUSED')) throw error;
      const now = await helper.get(slot.ref, signal).catch(() => undefined);
      if (now !== undefined && versionOf(now) === versionOf(before)) throw error;
      const reason = `${error.context.reason}; and the old login is not there, or cannot be looked at`;
      throw new RotationError('INDETERMINATE', { ...error.context, reason }, { cause: error });
    }
  };

  return {
    preflight: async (slot, { signal }) => ({
      findings: await reported(subjectOf(slot), async () => {
        const login = await current(slot, signal);
        changedLogin(login, Object.fromEntries(slot.fields.map((field) => [field, 'x'])), subjectOf(slot));
        return [];
      }),
      restore: 'value',
      cas: false,
    }),

    read: async (slot, { signal }): Promise<StoredSecret | undefined> => {
      const login = await helper.get(slot.ref, signal);
      return login && { fields: fieldsOf(login, slot), version: versionOf(login) };
    },

    write: async (slot, values, expected, { signal }) => {
      const login = await current(slot, signal);
      if (expected !== undefined && expected !== versionOf(login))
        throw new RotationError('CONFLICT', {
          subject: subjectOf(slot),
          reason: 'the helper holds another login than was read',
        });
      return { version: versionOf(await put(slot, login, values, signal)) };
    },

    restore: async (slot, restoration, { signal }) => {
      const login = await current(slot, signal);
      await put(slot, login, oldValues(slot, login, restoration, subjectOf(slot)), signal);
    },
  };
}

/** @throws RotationError DRIFT, REFUSED */
function oldValues(
  slot: Slot,
  login: Login,
  { pushed, values: old }: Restoration,
  subject: string,
): Fields<Secret> {
  const action = 'bring the old login back';
  if (old === undefined) throw new RotationError('REFUSED', { subject, action, reason: 'it is not known' });
  const now = fieldsOf(login, slot);
  const foreign = slot.fields.find((field) => {
    const known = [pushed[field], old[field]];
    return !known.some((secret) => secret !== undefined && now[field]?.equals(secret) === true);
  });
  if (foreign === undefined) return old;
  const reason = 'the helper holds neither the login that was pushed nor the old one';
  throw new RotationError('DRIFT', { subject, action, reason });
}

function fieldsOf(login: Login, { fields }: Slot): Fields<Secret> {
  const found = fields.flatMap((field) => {
    const value = fieldOf(login, field) ?? '';
    return value === '' ? [] : [[field, new Secret(value)] as const];
  });
  return Object.fromEntries(found);
}

/** Keyed: a plain hash would let the readers of a journal try out values. */
function versionOf({ username, secret }: Login): Version {
  return `login-${fingerprintOf(`${username}\0${secret}`)}`;
}
