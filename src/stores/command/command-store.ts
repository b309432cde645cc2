import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store, Version, WriteContext } from '../../core/plugins/store.ts';
import { localUser } from '../../lib/local-user.ts';
import { declaredStore } from '../../lib/store/declared-store.ts';
import { declaredWriteOnlyStore } from '../../lib/store/declared-write-only-store.ts';
import { createAsk } from './ask-program.ts';
import type { Action, CommandStoreOptions } from './options.ts';
import { findingsIn, identityIn, storedIn, toldIn, versionIn } from './read-answers.ts';

/** A store made of a program: what its actions do not name is never asked for. */
export function openCommandStore(options: CommandStoreOptions, ctx: OpenContext): Store {
  const { name } = ctx;
  const ask = createAsk(options, ctx);
  const can = (action: Action): boolean => options.actions.includes(action);
  const [program] = options.command;

  return (options.writeOnly ? declaredWriteOnlyStore : declaredStore)(name, {
    comparesVersions: () => options.compareAndSet,

    whoami: async ({ signal }) => {
      if (can('whoami')) return identityIn(await ask({ action: 'whoami' }, signal), name);
      const { user, host } = localUser();
      return { display: `${program} as ${user}@${host}`, attributes: { host, user, program } };
    },

    read: async (slot, { signal }) => {
      try {
        const answer = await ask({ action: 'read', slot }, signal);
        return options.writeOnly ? toldIn(answer, slot, name) : storedIn(answer, slot, options, name);
      } catch (error) {
        if (isRotationError(error, 'NOT_FOUND')) return undefined;
        throw error;
      }
    },

    write: async (slot, values, expected, call) => {
      // Where nobody compares, it may be a version that only keyturn knows.
      const more = { expected: (options.compareAndSet ? expected : undefined) ?? null, ...trailOf(call) };
      return versionIn(await ask({ action: 'write', slot, values, more }, call.signal));
    },

    ...(can('restore') && {
      restore: async (slot: Slot, versions: Versions, call: WriteContext) => {
        await ask({ action: 'restore', slot, more: { ...versions, ...trailOf(call) } }, call.signal);
      },
    }),

    ...(can('preflight') && {
      findings: async (slot: Slot, { signal }: CallContext) =>
        findingsIn(await ask({ action: 'preflight', slot }, signal), `${name}/${slot.ref}`),
    }),
  });
}

interface Versions {
  readonly before: Version;
  readonly expected: Version;
}

function trailOf({ rotationId, idempotencyToken }: WriteContext) {
  return { rotationId, idempotencyToken };
}
