import { sameFields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Store } from '../../core/plugins/store.ts';
import { readSlot, writeSlot } from '../../lib/store/slot-text.ts';
import { LIMIT } from './limits.ts';
import type { KeyVaultOptions } from './options.ts';
import { preflightSlot } from './preflight.ts';
import { restoreSlot } from './restore-slot.ts';
import { placeOf } from './secret-name.ts';
import { identityOf } from './store-identity.ts';
import { openVaultApi } from './vault-api.ts';

export async function openKeyVaultStore(options: KeyVaultOptions, ctx: OpenContext): Promise<Store> {
  const api = await openVaultApi(options, ctx);

  return {
    whoami: async ({ signal }) => identityOf(options.address, await api.whoami(signal)),
    preflight: (slot, { signal }) =>
      preflightSlot({ api, slot, store: ctx.name, now: ctx.clock.now(), signal }),
    read: async (slot, { signal }) => {
      const { name, subject } = placeOf(slot, ctx.name);
      const found = await api.read(name, undefined, signal);
      if (found === undefined) return undefined;
      return {
        fields: readSlot(slot, found.text, subject),
        version: found.version,
        ...(found.updatedAt === undefined ? {} : { updatedAt: found.updatedAt }),
      };
    },
    write: async (slot, values, expected, { signal }) => {
      const { name, subject } = placeOf(slot, ctx.name);
      const base = await api.read(name, undefined, signal);
      if (base === undefined) throw missing(subject);
      if (expected !== undefined && expected !== base.version) {
        const reason = `version ${base.version} is current, not ${expected}`;
        throw new RotationError('CONFLICT', { subject, reason });
      }
      // Without an expectation the base is what is there now, which may be our own earlier attempt.
      if (expected === undefined && sameFields(readSlot(slot, base.text, subject), values))
        return { version: base.version };
      const text = writeSlot(slot, base.text, values, { subject, limit: LIMIT });
      const version = await api.set(name, text, base.attributes, signal);
      return { version, details: { before: base.version } };
    },
    restore: (slot, restoration, write) => restoreSlot(api, placeOf(slot, ctx.name), restoration, write),
    close: async () => api.close(),
  };
}

/** A secret is never created: its content type, tags and dates are decisions of its owner. */
function missing(subject: string): RotationError {
  return new RotationError('NOT_FOUND', {
    subject,
    reason: 'no such secret in the vault',
    hint: 'Create it, with the content type, tags and dates it should have; keyturn adds versions.',
  });
}
