import { sameFields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store } from '../../core/plugins/store.ts';
import { readSlot, writeSlot } from '../../lib/store/slot-text.ts';
import { disableReplaced } from './disable-replaced.ts';
import { goLive } from './go-live.ts';
import { LIMIT } from './limits.ts';
import type { GoogleSecretOptions } from './options.ts';
import { type Place, readersVersion } from './place.ts';
import { preflightSlot } from './preflight.ts';
import { restoreSlot } from './restore-slot.ts';
import { openSecretApi } from './secret-api.ts';
import { parseRef } from './secret-ref.ts';

export async function openGoogleSecretStore(options: GoogleSecretOptions, ctx: OpenContext): Promise<Store> {
  const api = await openSecretApi(options, ctx);
  const placeOf = (slot: Slot): Place => {
    const subject = `${ctx.name}/${slot.ref}`;
    return { slot, subject, ...parseRef(slot.ref, options, subject) };
  };

  return {
    whoami: async ({ signal }) => {
      const { principal } = await api.whoami(signal);
      const { project, location } = options;
      const who = principal ?? 'the application default credentials';
      return {
        display: `${who} in ${project}${location === undefined ? '' : `, ${location}`}`,
        attributes: {
          project,
          address: api.address,
          ...(location === undefined ? {} : { location }),
          ...(principal === undefined ? {} : { principal }),
        },
      };
    },
    preflight: (slot, { signal }) => {
      const subject = `${ctx.name}/${slot.ref}`;
      const { disableReplaced: disables } = options;
      return preflightSlot({ api, place: () => placeOf(slot), disables, subject, signal });
    },
    read: async (slot, { signal }) => {
      const place = placeOf(slot);
      const found = await api.access(place.secret, readersVersion(place), signal);
      if (found === undefined) return undefined;
      return { fields: readSlot(slot, found.text, place.subject), version: String(found.version) };
    },
    write: async (slot, values, expected, { signal }) => {
      const place = placeOf(slot);
      const { subject } = place;
      const base = await api.access(place.secret, readersVersion(place), signal);
      if (base === undefined) throw missing(place);
      if (expected !== undefined && expected !== String(base.version)) {
        const reason = `version ${base.version} is current, not ${expected}`;
        throw new RotationError('CONFLICT', { subject, reason });
      }
      // Without an expectation the base is what is there now, which may be our own earlier attempt.
      if (expected === undefined && sameFields(readSlot(slot, base.text, subject), values))
        return { version: String(base.version) };
      const text = writeSlot(slot, base.text, values, { subject, limit: LIMIT });
      const version = await goLive(api, place, { base: base.version, text }, signal);
      return { version: String(version) };
    },
    restore: (slot, restoration, write) => restoreSlot(api, placeOf(slot), restoration, write),
    ...(options.disableReplaced
      ? { tidy: (slot, push, { signal }) => disableReplaced(api, placeOf(slot), push, signal) }
      : {}),
    close: async () => api.close(),
  };
}

/** A secret is never created: its replication, policy and labels are decisions of its owner. */
function missing({ subject, alias }: Place): RotationError {
  return new RotationError('NOT_FOUND', {
    subject,
    reason:
      alias === undefined
        ? 'no such secret, or it has no version yet'
        : `no such secret, or it has no alias ${alias}`,
    hint: 'Create it, with the replication, policy and labels it should have; keyturn adds versions.',
  });
}
