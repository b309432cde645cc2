import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type {
  Restoration,
  Slot,
  Store,
  StoredSecret,
  Version,
  WriteReceipt,
} from '../../core/plugins/store.ts';
import { Secret } from '../../core/secret.ts';
import { editEntries, effectiveEntry } from './edit-entries.ts';
import { type EnvFile, loadEnvFile } from './env-file.ts';
import type { DotenvOptions } from './options.ts';
import { asFinding, preflightSlot } from './preflight.ts';
import { changedMeanwhile, saveEnvFile } from './save-env-file.ts';
import { scanEntries } from './scan-entries.ts';
import { withWriteLock } from './write-lock.ts';

/** Env files below one folder. A slot is a file and some of its keys, written in one replacement of the file. */
export function openDotenvStore(options: DotenvOptions, ctx: OpenContext): Store {
  const root = resolve(ctx.baseDir, options.root);
  const pathOf = (slot: Slot): string => resolve(root, slot.ref);
  const subjectOf = (slot: Slot): string => `${ctx.name}/${slot.ref}`;

  /** Loads, edits and saves as one piece; `edit` gives the new text, the same text for nothing to do. */
  const change = async (
    slot: Slot,
    call: CallContext,
    edit: (file: EnvFile | undefined) => { file: EnvFile; text: string },
  ): Promise<Version> => {
    const subject = subjectOf(slot);
    assertSlot(slot, subject);
    assertGoing(call.signal, subject);
    const target = await loadEnvFile(pathOf(slot), subject);
    // Without a file there is nothing to lock; `edit` says what that means.
    if (target === undefined) return edit(undefined).file.version;
    const settings = { subject, clock: ctx.clock, timeoutMs: ctx.timeoutMs, signal: call.signal };
    return withWriteLock(target.path, settings, async (stillOurs) => {
      const { file, text } = edit(await loadEnvFile(target.path, subject));
      assertGoing(call.signal, subject);
      return text === file.text ? file.version : saveEnvFile(file, text, subject, stillOurs);
    });
  };

  return {
    whoami: async () => {
      const user = userName();
      const host = hostname();
      return { display: `${user}@${host}:${root}`, attributes: { host, user, root } };
    },

    preflight: async (slot, call) => {
      const subject = subjectOf(slot);
      const problem = slotProblem(slot, subject);
      const findings =
        problem === undefined
          ? await preflightSlot(pathOf(slot), slot, {
              subject,
              timeoutMs: ctx.timeoutMs,
              signal: call.signal,
            })
          : [asFinding(problem)];
      return { findings, restore: 'value', cas: true };
    },

    read: async (slot, call): Promise<StoredSecret | undefined> => {
      const subject = subjectOf(slot);
      assertSlot(slot, subject);
      assertGoing(call.signal, subject);
      const file = await loadEnvFile(pathOf(slot), subject);
      if (file === undefined) return undefined;
      return { fields: valuesIn(file, slot, subject), version: file.version, updatedAt: file.updatedAt };
    },

    write: async (slot, values, expected, call): Promise<WriteReceipt> => {
      const subject = subjectOf(slot);
      const version = await change(slot, call, (file) => {
        if (file === undefined)
          throw new RotationError('NOT_FOUND', { subject, action: 'write the entries' });
        if (expected !== undefined && expected !== file.version) throw changedMeanwhile(subject);
        return { file, text: editEntries(file.text, plaintextOf(slot, values, subject), subject) };
      });
      return { version };
    },

    restore: async (slot, restoration, call) => {
      const subject = subjectOf(slot);
      await change(slot, call, (file) => {
        if (file === undefined) throw new RotationError('DRIFT', { subject, reason: 'the file is gone' });
        assertOurs(slot, valuesIn(file, slot, subject), restoration, subject);
        return {
          file,
          text: editEntries(file.text, plaintextOf(slot, restoration.values ?? {}, subject), subject),
        };
      });
    },
  };
}

/** Each entry must hold what was pushed, or (the write never happened) what was there before. */
function assertOurs(slot: Slot, now: Fields<Secret>, restoration: Restoration, subject: string): void {
  for (const key of slot.fields) {
    const current = now[key];
    const known = [restoration.pushed[key], restoration.values?.[key]];
    if (current !== undefined && known.some((secret) => secret?.equals(current))) continue;
    throw new RotationError('DRIFT', {
      subject,
      action: 'bring the old value back',
      reason: `${key} holds neither the value that was pushed nor the old one`,
    });
  }
}

function valuesIn(file: EnvFile, slot: Slot, subject: string): Fields<Secret> {
  const entries = scanEntries(file.text);
  const fields: [string, Secret][] = [];
  for (const key of slot.fields) {
    const value = effectiveEntry(entries, key, subject)?.value ?? '';
    if (value !== '') fields.push([key, new Secret(value)]);
  }
  return Object.fromEntries(fields);
}

function plaintextOf(slot: Slot, values: Fields<Secret>, subject: string): ReadonlyMap<string, string> {
  return new Map(
    slot.fields.map((key) => {
      const secret = values[key];
      if (secret !== undefined) return [key, secret.reveal()];
      throw new RotationError('REFUSED', {
        subject,
        reason: `no value is known for ${key}; it is never emptied`,
      });
    }),
  );
}

function slotProblem(slot: Slot, subject: string): RotationError | undefined {
  const wrong = slot.fields.find((field) => !/^[\w.-]+$/.test(field));
  if (wrong === undefined && slot.fields.length > 0) return undefined;
  const reason = `${wrong === undefined || wrong === '' ? 'no field' : `field ${wrong}`} names an entry of the file`;
  return new RotationError('CONFIG_INVALID', {
    subject,
    reason,
    hint: 'Give the key of the entry as `field`: letters, digits, `_`, `.` and `-`.',
  });
}

function assertSlot(slot: Slot, subject: string): void {
  const problem = slotProblem(slot, subject);
  if (problem !== undefined) throw problem;
}

function assertGoing(signal: AbortSignal, subject: string): void {
  if (signal.aborted) throw new RotationError('ABORTED', { subject, reason: 'asked to stop' });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that no list knows.
    return String(process.geteuid?.() ?? 'unknown');
  }
}
