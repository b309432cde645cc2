import { type FileHandle, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RotationEvent } from '../../src/core/rotation/events.ts';
import { createFileJournal } from '../../src/engine/file-storage/file-journal.ts';
import { GENESIS } from '../../src/engine/file-storage/journal-line.ts';
import type { Journal } from '../../src/engine/journal.ts';
import type { RotationStorage } from '../../src/engine/storage.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { type TemporaryState, temporaryState } from './support/temporary-state.ts';

const ID = 'r20260101-000000-test22';
const STARTED: RotationEvent = { type: 'rotation.started', rotationId: ID, key: 'k', plan: { waves: ['ü'] } };
const intended = (step: string): RotationEvent => ({ type: 'step.intended', step, prepared: null });

let folder: TemporaryState;
let storage: RotationStorage;
let path: string;
let whole: Buffer;
beforeEach(async () => {
  folder = await temporaryState();
  storage = folder.open();
  path = join(folder.path, 'rotations', ID, 'journal.jsonl');
  const journal = await storage.createJournal(ID);
  await Promise.all([STARTED, intended('a'), intended('b')].map((event) => journal.append(event)));
  await journal.close();
  whole = await readFile(path);
});
afterEach(() => folder.remove());

async function stepsIn(): Promise<string[]> {
  const steps: string[] = [];
  for await (const entry of storage.entries(ID)) steps.push('step' in entry ? entry.step : entry.type);
  return steps;
}

/** Opens for writing as a resume does, adds one event, and lets go. */
async function appendAfterOpening(event: RotationEvent): Promise<void> {
  const journal = await storage.openJournal(ID, () => {});
  await journal.append(event);
  await journal.close();
}

describe('a torn tail', () => {
  test('is cut at whichever byte the process died, and the next event follows the last whole line', async () => {
    const lineEnds = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
    const all = ['rotation.started', 'a', 'b'];
    for (let cut = lineEnds[0] ?? 0; cut < whole.length; cut += 1) {
      await writeFile(path, whole.subarray(0, cut));
      const kept = all.slice(0, lineEnds.filter((end) => end <= cut).length);
      expect(await stepsIn()).toEqual(kept);
      await appendAfterOpening(intended('next'));
      expect(await stepsIn()).toEqual([...kept, 'next']);
    }
  });

  test('of any bytes that are not a line is no entry', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        await writeFile(path, Buffer.concat([whole, bytes.filter((byte) => byte !== 10)]));
        await appendAfterOpening(intended('next'));
        expect(await stepsIn()).toEqual(['rotation.started', 'a', 'b', 'next']);
      }),
      { numRuns: 25 },
    );
  });

  test('of a rotation whose very first line was torn leaves a rotation that was never begun', async () => {
    await writeFile(path, whole.subarray(0, 20));
    expect(await stepsIn()).toEqual([]);
  });
});

describe('a changed byte', () => {
  test('anywhere in a whole line is refused with the number of that line', async () => {
    await fc.assert(
      // All but the last newline: without it the line counts as torn.
      fc.asyncProperty(
        fc.integer({ min: 0, max: whole.length - 2 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const damaged = Buffer.from(whole);
          damaged[at] = (damaged[at] ?? 0) ^ flip;
          await writeFile(path, damaged);
          const line = whole.subarray(0, at).filter((byte) => byte === 10).length + 1;
          const refusal = { code: 'REFUSED', message: expect.stringContaining(`line ${line} `) };
          await expect(stepsIn()).rejects.toMatchObject(refusal);
          await expect(storage.openJournal(ID, () => {})).rejects.toMatchObject(refusal);
          expect(await readFile(path)).toEqual(damaged);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('is found also when a line was taken out, moved or written twice', async () => {
    const [first, second, third] = whole.toString('utf8').split('\n');
    const variants = [
      { lines: [first, third], bad: 2 },
      { lines: [first, third, second], bad: 2 },
      { lines: [first, second, second, third], bad: 3 },
      { lines: [second, third], bad: 1 },
    ];
    for (const { lines, bad } of variants) {
      await writeFile(path, `${lines.join('\n')}\n`);
      await expect(stepsIn()).rejects.toThrow(`line ${bad} `);
    }
  });
});

test('whatever text an event carries comes back as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      await writeFile(path, whole);
      await appendAfterOpening({ type: 'rollback.begun', reason: text });
      let last: unknown;
      for await (const entry of storage.entries(ID)) last = entry;
      expect(last).toMatchObject({ reason: text });
    }),
    { numRuns: 50 },
  );
});

test('journal and folders are for their owner only', async () => {
  const { stat } = await import('node:fs/promises');
  const mode = async (name: string): Promise<number> => (await stat(name)).mode & 0o777;
  expect(await mode(path)).toBe(0o600);
  expect(await mode(join(folder.path, 'rotations', ID))).toBe(0o700);
  expect(await mode(folder.path)).toBe(0o700);
});

test('a journal that another process has gone on with is never written over', async () => {
  const sleeper = await storage.openJournal(ID, () => {});
  await appendAfterOpening(intended('by the one who took over'));

  await expect(sleeper.append(intended('late'))).rejects.toMatchObject({ code: 'LOCKED' });
  await sleeper.close();
  expect(await stepsIn()).toEqual(['rotation.started', 'a', 'b', 'by the one who took over']);
});

describe('group commit', () => {
  test('writes what was appended together once, in order, and resolves only after the sync', async () => {
    const { journal, disk } = await journalOnStub();
    const resolved: number[] = [];
    const events = Array.from({ length: 64 }, (_, index) => intended(`s${index}`));
    const appends = events.map((event, index) => journal.append(event).then(() => resolved.push(index)));
    await disk.synced;
    expect(resolved).toEqual([]);
    disk.letGo();
    await Promise.all(appends);

    expect(disk.syncs).toBe(1);
    expect(resolved).toEqual(events.map((_, index) => index));
    const lines = disk.text().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).step)).toEqual(events.map((_, index) => `s${index}`));
  });

  test('what arrives during a sync shares the next one', async () => {
    const { journal, disk } = await journalOnStub();
    const first = journal.append(intended('first'));
    await disk.synced;
    const later = Promise.all(Array.from({ length: 10 }, (_, n) => journal.append(intended(`later ${n}`))));
    disk.letGo();
    await Promise.all([first, later]);
    expect(disk.syncs).toBe(2);
  });
});

describe('a disk that is full', () => {
  test('fails the event, and every one after it, and nothing more is written', async () => {
    const { journal, disk } = await journalOnStub({ full: true });
    const full = { code: 'UNAVAILABLE', message: expect.stringContaining('ENOSPC') };
    await expect(journal.append(intended('a'))).rejects.toMatchObject(full);
    disk.makeRoom();
    await expect(journal.append(intended('b'))).rejects.toMatchObject(full);
    await expect(journal.flush()).rejects.toMatchObject(full);
    expect(disk.text()).toBe('');
  });

  test('fails what waits behind the event that did not fit', async () => {
    const { journal, disk } = await journalOnStub();
    const first = journal.append(intended('fits'));
    await disk.synced;
    const second = journal.append(intended('does not fit'));
    disk.fill();
    disk.letGo();
    await first;
    await expect(second).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(journal.flush()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

/** A file handle whose first sync can be held up, and whose disk can be full. */
async function journalOnStub(settings: { full?: boolean } = {}): Promise<{ journal: Journal; disk: Disk }> {
  let full = settings.full ?? false;
  let bytes = Buffer.alloc(0);
  let letGo = (): void => {};
  let reached = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const synced = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const disk: Disk = {
    syncs: 0,
    synced,
    letGo: () => letGo(),
    fill: () => {
      full = true;
    },
    makeRoom: () => {
      full = false;
    },
    text: () => bytes.toString('utf8'),
  };
  const stub = {
    stat: async () => ({ size: bytes.length }),
    write: async (chunk: Buffer, offset: number, length: number) => {
      if (full) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      // A short write, as a file system may give.
      const part = chunk.subarray(offset, offset + Math.ceil(length / 2));
      bytes = Buffer.concat([bytes, part]);
      return { bytesWritten: part.length };
    },
    datasync: async () => {
      disk.syncs += 1;
      reached();
      await held;
    },
    close: async () => {},
  };
  const end = { bytes: 0, lines: 0, hash: GENESIS };
  const file = stub as unknown as FileHandle;
  return { journal: createFileJournal(file, end, path, virtualClock(0)), disk };
}

interface Disk {
  syncs: number;
  /** Resolves when the first sync has begun. */
  readonly synced: Promise<void>;
  letGo(): void;
  fill(): void;
  makeRoom(): void;
  text(): string;
}

test('a second journal of the same rotation is never begun over the first', async () => {
  await expect(storage.createJournal(ID)).rejects.toMatchObject({ code: 'EEXIST' });
  const file = await open(path, 'r');
  expect((await file.stat()).size).toBe(whole.length);
  await file.close();
});
