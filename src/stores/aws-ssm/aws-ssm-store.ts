import { sameFields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store } from '../../core/plugins/store.ts';
import { whoIsCalling } from '../../lib/aws/caller.ts';
import { awsClientConfig } from '../../lib/aws/client-config.ts';
import { readSlot } from '../../lib/store/slot-text.ts';
import { goLive } from './go-live.ts';
import type { ParameterStoreOptions } from './options.ts';
import { openParameterApi } from './parameter-api.ts';
import { parseRef } from './parameter-ref.ts';
import type { Place } from './place.ts';
import { preflightSlot } from './preflight.ts';
import { restoreSlot } from './restore-slot.ts';
import { textWith } from './writable-text.ts';

export async function openParameterStore(options: ParameterStoreOptions, ctx: OpenContext): Promise<Store> {
  const api = await openParameterApi(awsClientConfig(options, 'ssm', ctx), ctx);
  const caller = whoIsCalling(options, ctx, api);
  const { allowPlainText } = options;
  const placeOf = (slot: Slot): Place => {
    const subject = `${ctx.name}/${slot.ref}`;
    return { slot, subject, allowPlainText, ...parseRef(slot.ref, subject) };
  };

  return {
    whoami: async ({ signal }) => {
      const { account, arn, region } = await caller.identity(signal);
      return { display: `${arn} in ${region}`, attributes: { account, region, arn } };
    },
    preflight: (slot, { signal }) =>
      preflightSlot({ api, caller, place: () => placeOf(slot), subject: `${ctx.name}/${slot.ref}`, signal }),
    read: async (slot, { signal }) => {
      const { selector, subject } = placeOf(slot);
      const found = await api.read(selector, signal);
      if (found === undefined) return undefined;
      return {
        fields: readSlot(slot, found.text, subject),
        version: String(found.version),
        ...(found.updatedAt === undefined ? {} : { updatedAt: found.updatedAt }),
      };
    },
    write: async (slot, values, expected, { signal }) => {
      const place = placeOf(slot);
      const base = await api.read(place.selector, signal);
      if (base === undefined) throw missing(place);
      if (expected !== undefined && expected !== String(base.version)) {
        const reason = `version ${base.version} is current, not ${expected}`;
        throw new RotationError('CONFLICT', { subject: place.subject, reason });
      }
      // Without an expectation the base is what is there now, which may be our own earlier attempt.
      if (expected === undefined && sameFields(readSlot(slot, base.text, place.subject), values))
        return { version: String(base.version) };
      const settings = await api.describe(place.name, signal);
      if (settings === undefined) throw missing(place);
      const text = textWith(place, base.text, values, settings);
      const version = await goLive(api, place, { base, text, settings }, signal);
      return { version: String(version), details: { before: String(base.version) } };
    },
    restore: (slot, restoration, write) => restoreSlot(api, placeOf(slot), restoration, write),
    close: async () => api.close(),
  };
}

/** A parameter is never created: its KMS key, tier and policies are decisions of its owner. */
function missing({ subject, label }: Place): RotationError {
  return new RotationError('NOT_FOUND', {
    subject,
    reason:
      label === undefined ? 'no such parameter' : `no such parameter, or no version with the label ${label}`,
    hint: 'Create it, with the KMS key, tier and label it should have; keyturn replaces values.',
  });
}
