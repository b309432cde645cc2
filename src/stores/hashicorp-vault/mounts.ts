import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import { envelopeOf, membersOf } from '../../lib/vault/envelope.ts';
import type { VaultApi } from '../../lib/vault/vault-api.ts';
import { type About, vaultError } from '../../lib/vault/vault-error.ts';
import { checkRef, encodePath, type Location, locationOf } from './secret-path.ts';

/** Tells mount from path and version 1 from version 2. @throws RotationError CONFIG_INVALID */
export type Locate = (ref: string, ctx: CallContext) => Promise<Location>;

interface Mount {
  readonly path: string;
  readonly kvVersion: 1 | 2;
}

/**
 * Asks the server once a mount. Mounts never lie inside one another, so a known one that `ref` begins with is the
 * right one.
 */
export function createLocator(
  api: VaultApi,
  connection: string,
  overrides: Readonly<Record<string, 1 | 2>> = {},
): Locate {
  const known: Mount[] = Object.entries(overrides).map(([path, kvVersion]) => ({
    path: path.replace(/^\/+|\/+$/g, ''),
    kvVersion,
  }));
  const asking = new Map<string, Promise<Mount | undefined>>();

  const knownMount = (ref: string): Mount | undefined => known.find(({ path }) => ref.startsWith(`${path}/`));

  /** Refs that begin alike wait for one question, which most likely answers them all. */
  const ask = async (ref: string, ctx: CallContext): Promise<Mount | undefined> => {
    const start = ref.slice(0, ref.indexOf('/'));
    for (let underway = asking.get(start); underway !== undefined; underway = asking.get(start)) {
      await underway.catch(() => undefined);
      const mount = knownMount(ref);
      if (mount !== undefined) return mount;
    }
    const question = askServer(api, connection, ref, ctx).then((mount) => {
      if (mount !== undefined) known.push(mount);
      return mount;
    });
    asking.set(start, question);
    try {
      return await question;
    } finally {
      asking.delete(start);
    }
  };

  return async (ref, ctx) => {
    checkRef(ref, connection);
    const mount = knownMount(ref) ?? (await ask(ref, ctx));
    if (mount === undefined) return guess(ref, connection);
    return locationOf(ref, connection, mount.path, mount.kvVersion);
  };
}

/**
 * What most installations look like, for a token that may not ask; the request that follows fails with the paths
 * it needs. Not remembered: the next ref may be one that it may ask about.
 */
function guess(ref: string, connection: string): Location {
  return locationOf(ref, connection, ref.slice(0, ref.indexOf('/')), 2);
}

/** Undefined when Vault will not tell: no mount there, or no right to anything on the path. */
async function askServer(
  api: VaultApi,
  connection: string,
  ref: string,
  { signal }: CallContext,
): Promise<Mount | undefined> {
  const action = 'find out which mount it is on';
  const about: About = { subject: `${connection}/${ref}`, action, effect: 'read' };
  const path = `/sys/internal/ui/mounts/${encodePath(ref)}`;
  const answer = await api({ method: 'GET', path, effect: 'read', action, signal });
  if (answer.status === 403) return undefined;
  if (answer.status !== 200) throw vaultError(answer, about);
  const { path: place, type, options } = envelopeOf(answer, about).data ?? {};
  if (typeof place !== 'string') return undefined;
  const mount = place.replace(/\/+$/, '');
  if (type !== 'kv' && type !== 'generic') {
    throw new RotationError('CONFIG_INVALID', {
      subject: about.subject,
      reason: `${mount}/ is a mount of type ${typeof type === 'string' ? type : 'unknown'}, not kv`,
      hint: 'Only secrets of the key-value engine can be pushed to.',
    });
  }
  return { path: mount, kvVersion: membersOf(options)?.['version'] === '2' ? 2 : 1 };
}
