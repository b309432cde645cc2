import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { Store, Version } from '../../core/plugins/store.ts';
import {
  beginWith,
  broughtBack,
  type DeclaredAccess,
  type DeclaredSecret,
  nowhere,
  ownOf,
  preflightWith,
} from './declared-access.ts';

/** The contract of a store that shows no values: of a slot it tells at most that it is there, and when it was written. */
export function declaredWriteOnlyStore(name: string, access: DeclaredAccess): Store {
  const begin = beginWith(name, access);

  return {
    whoami: (call) => access.whoami(call),

    preflight: async (slot, call) => {
      let found: DeclaredSecret | undefined;
      const findings = await preflightWith(name, access, slot, call, async (subject) => {
        begin(slot, call);
        found = await access.read(slot, call);
        return slotFindings(found, subject);
      });
      return {
        findings,
        restore: access.restore !== undefined && found?.version !== undefined ? 'version' : 'value',
        cas: false,
        readable: false,
        evidence: stampOf(found) === undefined ? 'none' : 'timestamp',
      };
    },

    read: async (slot, call) => {
      begin(slot, call);
      const found = await access.read(slot, call);
      if (found === undefined) return undefined;
      const { updatedAt } = found;
      return { fields: {}, version: stampOf(found), ...(updatedAt === undefined ? {} : { updatedAt }) };
    },

    // Based on what is live now: after a crash the same value is written again, and the stamp of the first try is ours.
    write: async (slot, values, _expected, call) => {
      const subject = begin(slot, call);
      const own = ownOf(slot, values, subject);
      const now = await access.read(slot, call);
      if (now === undefined) throw nowhere(subject);
      return { version: await access.write(slot, own, now.version, call) };
    },

    restore: async (slot, { before, values, receipt }, call) => {
      const subject = begin(slot, call);
      const now = await access.read(slot, call);
      if (now === undefined) throw gone(subject);
      // A version brings back everything of the slot, also what others have written beside our fields meanwhile.
      const expected = isStill(receipt?.version, now) ? now.version : undefined;
      const { restore } = access;
      if (restore !== undefined && before !== undefined && expected !== undefined) {
        const work = () => restore(slot, { before, expected }, call);
        if (await broughtBack(work, { orWritten: values !== undefined })) return;
      }
      if (values === undefined) throw unknown(subject);
      await access.write(slot, ownOf(slot, values, subject), now.version, call);
    },
  };
}

function isStill(pushed: Version | undefined, now: DeclaredSecret): boolean {
  return pushed !== undefined && pushed === now.version;
}

function stampOf(found: DeclaredSecret | undefined): Version | undefined {
  return found?.version ?? found?.updatedAt;
}

function slotFindings(found: DeclaredSecret | undefined, subject: string): Finding[] {
  if (found === undefined)
    return [{ severity: 'error', code: 'NOT_FOUND', subject, message: 'there is no such slot' }];
  return (found.absent ?? []).map((field) => ({
    severity: 'error',
    code: 'NOT_FOUND',
    subject,
    message: `there is no ${field} in it`,
    hint: 'Check the spelling of `field`, or put the current key there first.',
  }));
}

function gone(subject: string): RotationError {
  return new RotationError('DRIFT', {
    subject,
    action: 'put the old value back',
    reason: 'the slot is gone',
  });
}

function unknown(subject: string): RotationError {
  return new RotationError('REFUSED', {
    subject,
    action: 'put the old value back',
    reason: 'it shows no value, and the old one is not known here',
    hint: 'Write the old key there by hand, then run `keyturn resume`.',
  });
}
