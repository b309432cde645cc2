import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Disk } from '../../src/core/disk.ts';
import { isRotationError, type RotationError } from '../../src/core/errors/rotation-error.ts';
import type { Restoration, Store } from '../../src/core/plugins/store.ts';
import { aroundDisk, type DiskCall } from '../../src/lib/disk/around-disk.ts';
import { systemDisk } from '../../src/lib/disk/system-disk.ts';
import { createLeakDetector } from '../../src/testing/leaks.ts';
import { plainValue } from '../../src/testing/sample-values.ts';
import { ENV, openStoreAt, slotOf } from '../stores/support/env-folder.ts';
import { secretsOf, writing } from '../stores/support/writes.ts';

/** How a call breaks; with the last, every change after it too, while what was read before is still known. */
const WAYS = [
  'refused',
  'done, then refused',
  'unanswered, done at last',
  'the first of many unanswered, done at last',
] as const;
type Way = (typeof WAYS)[number];

const leaks = createLeakDetector();
const SLOT = slotOf('KEY');
const OLD = leaks.watch(plainValue());
const NEW = leaks.watch(plainValue());
const textWith = (value: string): string => `# settings\nKEY='${value}'\nOTHER=1\n`;

interface Strike {
  readonly disk: Disk;
  readonly signal: AbortSignal;
  readonly calls: DiskCall[];
  /** What was left under way is carried out now. */
  land(): Promise<void>;
}

const LOOKS = new Set(['access', 'readFile', 'readdir', 'realpath', 'stat']);

/** A disk whose call number `at` breaks; whoever waits for an answer that does not come is asked to stop. */
function strike(at: number, way: Way): Strike {
  const calls: DiskCall[] = [];
  const stop = new AbortController();
  const late: (() => Promise<void>)[] = [];
  const disk = aroundDisk(systemDisk, async (call, carryOut) => {
    const behind = calls.push(call) - 1 - at;
    const many = way === 'the first of many unanswered, done at last';
    if (behind !== 0 && !(many && behind > 0 && !LOOKS.has(call.name))) return carryOut();
    if (way.includes('unanswered')) {
      return new Promise((answer) => {
        late.push(async () => answer(await carryOut()));
        if (!many) stop.abort();
      });
    }
    if (way === 'done, then refused') await closed(await carryOut());
    throw Object.assign(new Error(`EIO: broken for a test, ${call.name} '${call.path}'`), { code: 'EIO' });
  });
  const land = async (): Promise<void> => {
    for (const carryOut of late) await carryOut().catch(() => {});
  };
  return { disk, signal: stop.signal, calls, land };
}

/** What was opened for nobody. */
async function closed<T>(opened: T): Promise<T> {
  if (
    typeof opened === 'object' &&
    opened !== null &&
    'close' in opened &&
    typeof opened.close === 'function'
  )
    await opened.close();
  return opened;
}

type Work = (store: Store, signal: AbortSignal) => Promise<unknown>;

const WORK: Readonly<
  Record<'write' | 'restore', { readonly from: string; readonly to: string; work: Work }>
> = {
  write: {
    from: OLD,
    to: NEW,
    work: (store, signal) => store.write(SLOT, secretsOf({ KEY: NEW }), undefined, writing(signal)),
  },
  restore: {
    from: NEW,
    to: OLD,
    work: (store, signal) => {
      const [values, pushed] = [secretsOf({ KEY: OLD }), secretsOf({ KEY: NEW })];
      const lost: Restoration = { before: undefined, values, receipt: undefined, pushed };
      return store.restore(SLOT, lost, writing(signal));
    },
  },
};

function folderWith(text: string): { root: string; text(): string; names(): string[] } {
  const root = mkdtempSync(join(tmpdir(), 'keyturn-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, ENV), text, { mode: 0o600 });
  return {
    root,
    text: () => readFileSync(join(root, ENV), 'utf8'),
    names: () => readdirSync(root).sort(),
  };
}

const outcomeOf = (attempt: Promise<unknown>): Promise<RotationError | undefined> =>
  attempt.then(
    () => undefined,
    (error: unknown) => {
      if (isRotationError(error)) return error;
      throw error;
    },
  );

/** How many calls there are, so that each of them can be broken. */
async function callsOf(work: Work, from: string): Promise<number> {
  const { root } = folderWith(textWith(from));
  const { disk, calls, signal } = strike(Infinity, 'refused');
  await work(openStoreAt(root, { disk }), signal);
  return calls.length;
}

describe.each(['write', 'restore'] as const)('a %s to a file', (name) => {
  const { from, to, work } = WORK[name];

  it.each(WAYS)('tells the truth whichever call of the disk is %s', async (way) => {
    const total = await callsOf(work, from);
    expect(total).toBeGreaterThan(10);
    // What is asserted holds as well where a busy machine is slower than that.
    const timeoutMs = way.includes('many') ? 25 : 10_000;
    for (let at = 0; at < total; at += 1) {
      const folder = folderWith(textWith(from));
      const { disk, signal, calls, land } = strike(at, way);
      const error = await outcomeOf(work(openStoreAt(folder.root, { disk, timeoutMs }), signal));
      await land();
      const broken = `${calls[at]?.name} (${at})`;

      // The old text or the new one, and never a mixture.
      expect([textWith(from), textWith(to)], broken).toContain(folder.text());
      if (error === undefined) expect(folder.text(), broken).toBe(textWith(to));
      // Every other code promises that nothing has happened, and that nothing will.
      else if (error.code !== 'INDETERMINATE') expect(folder.text(), broken).toBe(textWith(from));
      leaks.expectClean(error);

      // A minute later everybody may write, and what was left is gone.
      const later = { now: () => Date.now() + 61_000, sleep: async () => {} };
      await work(openStoreAt(folder.root, { clock: later }), new AbortController().signal);
      expect(folder.text(), broken).toBe(textWith(to));
      if (error !== undefined && error.code !== 'INDETERMINATE')
        expect(folder.names(), broken).toEqual([ENV]);
    }
  });
});

describe('what is left of a file that was not written', () => {
  it('is named, since it may hold the new value', async () => {
    const folder = folderWith(textWith(OLD));
    const disk = aroundDisk(systemDisk, async ({ name, path }, carryOut) => {
      const broken = name === 'sync' || (name === 'rm' && path.endsWith('.tmp'));
      if (!broken) return carryOut();
      throw Object.assign(new Error(`EIO: ${name}`), { code: 'EIO' });
    });
    const attempt = WORK.write.work(openStoreAt(folder.root, { disk }), new AbortController().signal);
    const error = await outcomeOf(attempt);
    expect(error?.code).toBe('UNAVAILABLE');
    const left = folder.names().find((name) => name.endsWith('.tmp'));
    expect(left).toBeDefined();
    expect(error?.message).toContain(`${left} may be left beside it`);
  });
});
