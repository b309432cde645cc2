import { sameFields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Restoration, Slot, Store, StoredSecret, Version } from '../../core/plugins/store.ts';
import {
  beginWith,
  broughtBack,
  type DeclaredAccess,
  nowhere,
  ownOf,
  preflightWith,
} from './declared-access.ts';
import { joinVersions, leftToWrite } from './field-versions.ts';

/** The contract of a store that shows its values, on top of what a config can describe. */
export function declaredStore(name: string, access: DeclaredAccess): Store {
  const begin = beginWith(name, access);

  const read = async (slot: Slot, call: CallContext): Promise<StoredSecret | undefined> => {
    begin(slot, call);
    const stored = await access.read(slot, call);
    return stored && { ...stored, version: stored.version ?? contentVersion(slot, stored) };
  };

  return {
    whoami: (call) => access.whoami(call),

    preflight: async (slot, call) => ({
      findings: await preflightWith(name, access, slot, call, async (subject) =>
        slotFindings(slot, await read(slot, call), subject),
      ),
      restore: access.restore === undefined ? 'value' : 'version',
      cas: access.comparesVersions(slot),
    }),

    read,

    write: async (slot, values, expected, call) => {
      const subject = begin(slot, call);
      const own = ownOf(slot, values, subject);
      if (expected === undefined || access.comparesVersions(slot)) {
        return { version: await access.write(slot, own, expected, call) };
      }
      // The system does not look, so we do: a narrow window, and better than none.
      const now = await read(slot, call);
      if (now === undefined) throw nowhere(subject);
      const left = leftToWrite(slot, own, expected, now);
      if (left === undefined) {
        throw new RotationError('CONFLICT', { subject, reason: 'its version is not the one that was read' });
      }
      if (left.slot.fields.length === 0) return { version: now.version };
      const version = await access.write(left.slot, own, left.expected, call);
      return { version: left.slot.fields.length === slot.fields.length ? version : undefined };
    },

    restore: async (slot, restoration, call) => {
      const subject = begin(slot, call);
      const now = await read(slot, call);
      assertOurs(slot, now, restoration, subject);
      const { receipt, before } = restoration;
      const old = restoration.values && ownOf(slot, restoration.values, subject);
      if (old !== undefined && sameFields(now.fields, old)) return;
      // A version brings back everything of the slot, also what others have written beside our fields meanwhile.
      const expected = now.version === receipt?.version ? now.version : undefined;
      const { restore } = access;
      if (restore !== undefined && before !== undefined && expected !== undefined) {
        const work = () => restore(slot, { before, expected }, call);
        if (await broughtBack(work, { orWritten: old !== undefined })) return;
      }
      if (old === undefined) throw overtaken(subject);
      await access.write(slot, old, now.version, call);
    },
  };
}

/** All that can be told of a system without versions: what its own fields hold. Keyed, as any fingerprint. */
function contentVersion(slot: Slot, { fields }: StoredSecret): Version | undefined {
  return joinVersions(slot.fields.map((field) => fields[field]?.fingerprint() ?? 'empty'));
}

function slotFindings(slot: Slot, stored: StoredSecret | undefined, subject: string): Finding[] {
  if (stored === undefined) {
    return [{ severity: 'error', code: 'NOT_FOUND', subject, message: 'there is no such slot' }];
  }
  return slot.fields
    .filter((field) => stored.fields[field] === undefined)
    .map((field) => ({
      severity: 'warning',
      code: 'NOT_FOUND',
      subject,
      message: field === '' ? 'it has no value' : `it has no value for ${field}`,
      hint: 'Check the spelling of `field`; a push would add it.',
    }));
}

/** Each field must hold what was pushed, or (the write never happened) what was there before. */
function assertOurs(
  slot: Slot,
  now: StoredSecret | undefined,
  { pushed, values }: Restoration,
  subject: string,
): asserts now is StoredSecret {
  const action = 'bring the old value back';
  if (now === undefined) throw new RotationError('DRIFT', { subject, action, reason: 'the slot is gone' });
  for (const field of slot.fields) {
    const current = now.fields[field];
    if (current !== undefined && [pushed[field], values?.[field]].some((secret) => secret?.equals(current)))
      continue;
    const reason = `${field === '' ? 'it' : field} holds neither the value that was pushed nor the old one`;
    throw new RotationError('DRIFT', { subject, action, reason });
  }
}

function overtaken(subject: string): RotationError {
  return new RotationError('CONFLICT', {
    subject,
    action: 'bring the old version back',
    reason: 'it is not the version that was pushed, and the old values are not known',
    hint: 'Somebody wrote beside it. Write the old key there by hand, then run `keyturn resume`.',
  });
}
