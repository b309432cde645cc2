import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRotationError } from '../../src/core/errors/rotation-error.ts';
import type { JournalEntry, RotationEvent } from '../../src/core/rotation/events.ts';
import { createFileJournal } from '../../src/engine/file-storage/file-journal.ts';
import { GENESIS } from '../../src/engine/file-storage/journal-line.ts';
import { readJournal } from '../../src/engine/file-storage/read-journal.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { type EngineFolder, engineFolder, entriesOf, NOW } from './support/engine-folder.ts';
import { anyEvent, STARTED } from './support/events.ts';
import { stubbornDisk } from './support/stubborn-disk.ts';

const ID = 'r1';
const EVENTS: readonly RotationEvent[] = [
  STARTED,
  { type: 'driver.started', fence: 1, host: 'zürich', pid: 7 },
  { type: 'step.intended', step: 'push:a', prepared: { version: 3, note: 'a\nb "}' } },
  { type: 'step.done', step: 'push:a', output: { etag: 'x\ufffdy' } },
];

function numbered(events: readonly RotationEvent[]): JournalEntry[] {
  return events.map((event, index) => ({ seq: index + 1, at: new Date(NOW).toISOString(), ...event }));
}

/** A folder whose journal holds the events, closed. */
async function written(events: readonly RotationEvent[]): Promise<EngineFolder> {
  const folder = engineFolder();
  const journal = await folder.storage.createJournal(ID);
  for (const event of events) void journal.append(event).durable;
  await journal.flush();
  await journal.close();
  return folder;
}

describe('a journal', () => {
  it('gives back what was appended, numbered and dated, to readers and to the next driver', async () => {
    const { storage } = await written(EVENTS);
    expect(await entriesOf(storage, ID)).toEqual(numbered(EVENTS));

    const seen: JournalEntry[] = [];
    const journal = await storage.openJournal(ID, (entry) => seen.push(entry));
    expect(seen).toEqual(numbered(EVENTS));
    const more: RotationEvent = { type: 'rotation.ended', outcome: 'done' };
    await journal.append(more).durable;
    await journal.close();
    expect(await entriesOf(storage, ID)).toEqual(numbered([...EVENTS, more]));
  });

  it('gives back any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 8 }), async (events) => {
        const { storage } = await written(events);
        // Half a surrogate pair and a key named __proto__ pass through JSON as they are.
        expect(await entriesOf(storage, ID)).toEqual(numbered(events));
      }),
      { numRuns: 25 },
    );
  });

  it('of several chunks of the reader is read whole', async () => {
    const long = Array.from({ length: 40 }, (_, index): RotationEvent => {
      return { type: 'step.done', step: `s${index}`, output: 'é'.repeat(10_000) };
    });
    const { storage, journalPath } = await written(long);
    expect(statSync(journalPath(ID)).size).toBeGreaterThan(3 * 256 * 1024);
    expect(await entriesOf(storage, ID)).toEqual(numbered(long));
  });

  it('is nobody else’s to read: 0600 in a folder of 0700', async () => {
    const { state, journalPath } = await written(EVENTS);
    const path = journalPath(ID);
    const modes = [path, dirname(path), dirname(dirname(path)), state].map((at) => statSync(at).mode & 0o777);
    expect(modes).toEqual([0o600, 0o700, 0o700, 0o700]);
  });

  it('is never begun over another', async () => {
    const { storage } = await written(EVENTS);
    await expect(storage.createJournal(ID)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await entriesOf(storage, ID)).toHaveLength(EVENTS.length);
  });

  it('that does not exist is NOT_FOUND', async () => {
    const { storage } = engineFolder();
    await expect(entriesOf(storage, ID)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(storage.openJournal(ID, () => {})).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a last line that was being written when the process died', () => {
  it('is no entry, is cut, and the next line stands on its own: at every byte', async () => {
    const { storage, journalPath } = await written(EVENTS);
    const whole = readFileSync(journalPath(ID));
    const lastLine = whole.lastIndexOf(10, whole.length - 2) + 1;
    const more: RotationEvent = { type: 'rollback.begun', reason: 'it died' };
    for (let size = lastLine; size < whole.length; size += 1) {
      writeFileSync(journalPath(ID), whole);
      truncateSync(journalPath(ID), size);
      expect(await entriesOf(storage, ID)).toEqual(numbered(EVENTS.slice(0, -1)));

      const journal = await storage.openJournal(ID, () => {});
      expect(statSync(journalPath(ID)).size).toBe(lastLine);
      await journal.append(more).durable;
      await journal.close();
      expect(await entriesOf(storage, ID)).toEqual(numbered([...EVENTS.slice(0, -1), more]));
    }
  });

  it('is left alone by whoever only reads', async () => {
    const { storage, journalPath } = await written(EVENTS);
    const torn = readFileSync(journalPath(ID)).subarray(0, -5);
    writeFileSync(journalPath(ID), torn);
    await entriesOf(storage, ID);
    expect(readFileSync(journalPath(ID))).toEqual(torn);
  });
});

describe('a changed byte', () => {
  it('anywhere in a whole line is refused by that line’s number, and nothing is written', async () => {
    const { storage, journalPath } = await written(EVENTS);
    const path = journalPath(ID);
    const whole = readFileSync(path);
    await fc.assert(
      // All but the last newline: without it the last line is a torn one.
      fc.asyncProperty(fc.nat(whole.length - 2), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ flip;
        writeFileSync(path, changed);

        const line = whole.subarray(0, at).filter((byte) => byte === 10).length + 1;
        const refused = { code: 'REFUSED', exitCode: 3, message: expect.stringContaining(`line ${line} `) };
        await expect(drain(readJournal(path))).rejects.toMatchObject(refused);
        await expect(entriesOf(storage, ID)).rejects.toMatchObject(refused);
        const before: number[] = [];
        await expect(storage.openJournal(ID, ({ seq }) => before.push(seq))).rejects.toMatchObject(refused);
        expect(before).toEqual(Array.from({ length: line - 1 }, (_, index) => index + 1));
        expect(readFileSync(path)).toEqual(changed);
      }),
      { numRuns: 400 },
    );
  });

  it('of a replacement character is seen, although it still reads as one', async () => {
    const { storage, journalPath } = await written(EVENTS);
    const bytes = readFileSync(journalPath(ID));
    const at = bytes.indexOf('\ufffd');
    bytes[at] = 0xf3;
    writeFileSync(journalPath(ID), bytes);
    await expect(entriesOf(storage, ID)).rejects.toMatchObject({ code: 'REFUSED' });
  });
});

describe('whole lines', () => {
  const rearranged: [string, (lines: string[]) => string[], number][] = [
    ['taken out of the middle', ([a, , c, d]) => [a, c, d].map(String), 2],
    ['in another order', ([a, b, c, d]) => [a, c, b, d].map(String), 2],
    ['said twice', ([a, b, c, d]) => [a, b, b, c, d].map(String), 3],
    ['without the first', ([, b, c, d]) => [b, c, d].map(String), 1],
  ];
  it.each(rearranged)('%s are refused', async (_how, rearrange, line) => {
    const { storage, journalPath } = await written(EVENTS);
    const lines = readFileSync(journalPath(ID), 'utf8').trimEnd().split('\n');
    writeFileSync(
      journalPath(ID),
      rearrange(lines)
        .map((text) => `${text}\n`)
        .join(''),
    );
    const refused = { code: 'REFUSED', message: expect.stringContaining(`line ${line} `) };
    await expect(entriesOf(storage, ID)).rejects.toMatchObject(refused);
  });
});

describe('many events at once', () => {
  it('keep their order, and all are on disk when the last one’s promise resolves', async () => {
    const { storage, journalPath } = engineFolder();
    const journal = await storage.createJournal(ID);
    const settled: number[] = [];
    const events = Array.from({ length: 500 }, (_, index): RotationEvent => {
      return { type: 'step.done', step: `s${index}`, output: null };
    });
    let last = Promise.resolve();
    for (const [index, event] of events.entries()) {
      last = journal.append(event).durable;
      void last.then(() => settled.push(index));
      // Some come while a write is under way, some in the turn before it.
      if (index % 50 === 49) await new Promise((resolve) => setImmediate(resolve));
    }
    await last;
    // Read past the journal, as another process would after a crash in this instant.
    const lines = readFileSync(journalPath(ID), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).step)).toEqual(events.map((_, index) => `s${index}`));
    expect(settled).toEqual(events.map((_, index) => index));
    expect(await entriesOf(storage, ID)).toEqual(numbered(events));
    await journal.close();
  });

  it('share a sync, and none is said to be durable before it', async () => {
    const disk = await stubbornDisk(ID);
    disk.hold();
    const done: string[] = [];
    for (const step of ['a', 'b', 'c']) {
      void disk.journal.append({ type: 'step.compensating', step }).durable.then(() => done.push(step));
    }
    await disk.syncAsked();
    expect(done).toEqual([]);
    disk.letGo();
    await disk.journal.flush();
    expect(done).toEqual(['a', 'b', 'c']);
    expect(disk.syncs()).toBe(1);
    await disk.journal.close();
  });

  it('are finished before the file is closed', async () => {
    const { storage } = engineFolder();
    const journal = await storage.createJournal(ID);
    void journal.append(STARTED).durable;
    await journal.close();
    expect(await entriesOf(storage, ID)).toEqual(numbered([STARTED]));
  });
});

describe('a disk that does not take a line', () => {
  it('makes the journal take nothing more: the lines under way, those that wait, and all later ones', async () => {
    const disk = await stubbornDisk(ID);
    const { journal } = disk;
    await journal.append(STARTED).durable;
    disk.hold();
    const underWay = outcome(journal.append({ type: 'step.compensating', step: 'a' }).durable);
    const sameBatch = outcome(journal.append({ type: 'step.compensating', step: 'b' }).durable);
    await disk.syncAsked();
    const waiting = outcome(journal.append({ type: 'step.compensating', step: 'c' }).durable);
    disk.fail('ENOSPC: no space left on device');
    for (const error of await Promise.all([underWay, sameBatch, waiting])) expect(error).toMatchObject(FULL);

    // Room again: still nothing is taken, since what is on disk is not known.
    disk.letGo();
    const bytes = readFileSync(disk.path);
    expect(await outcome(journal.append({ type: 'step.compensating', step: 'd' }).durable)).toMatchObject(
      FULL,
    );
    expect(await outcome(journal.flush())).toMatchObject(FULL);
    await journal.close();
    expect(readFileSync(disk.path)).toEqual(bytes);
  });

  it.runIf(process.platform === 'linux')(
    'at the write already: the kernel itself says that it is full',
    async () => {
      const journal = createFileJournal(
        await open('/dev/full', 'r+'),
        { bytes: 0, lines: 0, hash: GENESIS },
        '/dev/full',
        virtualClock(NOW),
      );
      const both = [outcome(journal.append(STARTED).durable), outcome(journal.append(STARTED).durable)];
      for (const error of await Promise.all(both)) expect(error).toMatchObject(FULL);
      expect(await outcome(journal.append(STARTED).durable)).toMatchObject(FULL);
      await journal.close();
    },
  );
});

describe('a driver that slept while another took its rotation over', () => {
  it('writes nothing over what that one has journalled', async () => {
    const { storage, open: another } = await written(EVENTS);
    const sleeper = await storage.openJournal(ID, () => {});
    const other = await another().openJournal(ID, () => {});
    const taken: RotationEvent = { type: 'rollback.begun', reason: 'taken over' };
    await other.append(taken).durable;

    const late = await outcome(sleeper.append({ type: 'step.compensating', step: 'a' }).durable);
    expect(late).toMatchObject({ code: 'LOCKED', exitCode: 7 });
    expect(await entriesOf(storage, ID)).toEqual(numbered([...EVENTS, taken]));
    await Promise.all([sleeper.close(), other.close()]);
  });
});

const FULL = {
  code: 'UNAVAILABLE',
  message: expect.stringContaining('no space left on device'),
  hint: expect.stringContaining('keyturn resume'),
};

/** What a promise was rejected with. */
async function outcome(promise: Promise<void>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    expect(isRotationError(error)).toBe(true);
    return error;
  }
  return 'resolved';
}

async function drain(entries: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of entries);
}
