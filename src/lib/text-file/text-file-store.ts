import { resolve } from 'node:path';
import type { Fields } from '../../core/credential.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store, StoredSecret, Version, WriteReceipt } from '../../core/plugins/store.ts';
import { Secret } from '../../core/secret.ts';
import { diskOf } from '../disk/disk-of.ts';
import { localUser } from '../local-user.ts';
import { asFinding, preflightFile } from './preflight-file.ts';
import { changedMeanwhile, saveTextFile } from './save-text-file.ts';
import { assertOurs, assertSlot, plaintextOf } from './slot-fields.ts';
import { loadTextFile, type TextFile } from './text-file.ts';
import type { TextFormat } from './text-format.ts';
import { type LockSettings, withWriteLock } from './write-lock.ts';

export interface TextFiles {
  /** The folder that the `ref` of a slot is relative to; itself relative to the folder of the config. */
  readonly root: string;
  /** How a file is written. @throws RotationError CONFIG_INVALID when its name does not tell */
  readonly formatOf: (slot: Slot, subject: string) => TextFormat | Promise<TextFormat>;
}

interface Beginning {
  readonly format: TextFormat;
  readonly work: LockSettings;
}

/** Text files below one folder. A slot is a file and some of its fields, written in one replacement of the file. */
export function openTextFileStore({ root: folder, formatOf }: TextFiles, ctx: OpenContext): Store {
  const root = resolve(ctx.baseDir, folder);
  const pathOf = (slot: Slot): string => resolve(root, slot.ref);
  const subjectOf = (slot: Slot): string => `${ctx.name}/${slot.ref}`;

  /** What has to be right before a file is opened. */
  const begin = async (slot: Slot, call: CallContext): Promise<Beginning> => {
    const { signal } = call;
    const subject = subjectOf(slot);
    const format = await formatOf(slot, subject);
    assertSlot(slot, format, subject);
    assertGoing(signal, subject);
    const { clock, timeoutMs } = ctx;
    return { format, work: { disk: diskOf(ctx, call), subject, clock, timeoutMs, signal } };
  };

  /** Loads, edits and saves as one piece; `edit` gives the new text, the same text for nothing to do. */
  const change = async (
    slot: Slot,
    call: CallContext,
    edit: (file: TextFile | undefined, format: TextFormat) => { file: TextFile; text: string },
  ): Promise<Version> => {
    const { work, format } = await begin(slot, call);
    const target = await loadTextFile(pathOf(slot), work);
    // Without a file there is nothing to lock; `edit` says what that means.
    if (target === undefined) return edit(undefined, format).file.version;
    return withWriteLock(target.path, work, async (stillOurs) => {
      const { file, text } = edit(await loadTextFile(target.path, work), format);
      assertGoing(call.signal, work.subject);
      return text === file.text ? file.version : saveTextFile(file, text, work, stillOurs);
    });
  };

  const findingsOf = async (slot: Slot, call: CallContext): Promise<readonly Finding[]> => {
    try {
      const { work, format } = await begin(slot, call);
      return await preflightFile(pathOf(slot), slot.fields, format, work);
    } catch (error) {
      if (!isRotationError(error) || error.code === 'ABORTED') throw error;
      return [asFinding(error)];
    }
  };

  return {
    whoami: async () => {
      const { user, host } = localUser();
      return { display: `${user}@${host}:${root}`, attributes: { host, user, root } };
    },

    preflight: async (slot, call) => ({
      findings: await findingsOf(slot, call),
      restore: 'value',
      cas: true,
    }),

    read: async (slot, call): Promise<StoredSecret | undefined> => {
      const { work, format } = await begin(slot, call);
      const file = await loadTextFile(pathOf(slot), work);
      if (file === undefined) return undefined;
      return {
        fields: valuesIn(file, slot, format, work.subject),
        version: file.version,
        updatedAt: file.updatedAt,
      };
    },

    write: async (slot, values, expected, call): Promise<WriteReceipt> => {
      const subject = subjectOf(slot);
      const version = await change(slot, call, (file, format) => {
        if (file === undefined)
          throw new RotationError('NOT_FOUND', { subject, action: 'write the new value' });
        if (expected !== undefined && expected !== file.version) throw changedMeanwhile(subject);
        return { file, text: format.edit(file.text, plaintextOf(slot, values, format, subject), subject) };
      });
      return { version };
    },

    restore: async (slot, restoration, call) => {
      const subject = subjectOf(slot);
      await change(slot, call, (file, format) => {
        if (file === undefined) throw new RotationError('DRIFT', { subject, reason: 'the file is gone' });
        assertOurs(slot, valuesIn(file, slot, format, subject), restoration, format, subject);
        const old = plaintextOf(slot, restoration.values ?? {}, format, subject);
        return { file, text: format.edit(file.text, old, subject) };
      });
    },
  };
}

function valuesIn(file: TextFile, slot: Slot, format: TextFormat, subject: string): Fields<Secret> {
  const fields: [string, Secret][] = [];
  for (const field of slot.fields) {
    const value = format.valueOf(file.text, field, subject) ?? '';
    if (value !== '') fields.push([field, new Secret(value)]);
  }
  return Object.fromEntries(fields);
}

function assertGoing(signal: AbortSignal, subject: string): void {
  if (signal.aborted) throw new RotationError('ABORTED', { subject, reason: 'asked to stop' });
}
