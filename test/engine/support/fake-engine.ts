import type { Clock } from '../../../src/core/clock.ts';
import type { Phase, StepsPhase } from '../../../src/core/phase.ts';
import type { JournalEntry, RotationEvent } from '../../../src/core/rotation/events.ts';
import { type Advance, advance, rollBackRotation } from '../../../src/engine/advance.ts';
import type { Driver, Probe } from '../../../src/engine/driver.ts';
import type { Journal } from '../../../src/engine/journal.ts';
import { beginSession, openSession, type SessionEvent } from '../../../src/engine/session.ts';
import type { RotationStorage } from '../../../src/engine/storage.ts';
import { virtualClock } from '../../../src/lib/virtual-clock.ts';

/** What is left of a rotation when the process that drove it is gone. */
export interface FakeEngine {
  readonly entries: JournalEntry[];
  readonly clock: Clock & { advance(ms: number): void; set(now: number): void };
  /** Outcomes given to `finish`. */
  readonly finished: string[];
  /** What a progress display was told. */
  readonly told: SessionEvent[];
  /** One process: opens the journal, advances, lets go. */
  advance(phases: readonly Phase[], over?: Over): Promise<Advance>;
  rollBack(phases: readonly Phase[], over?: Over): Promise<Advance>;
  /** `type step` of each event, in order; those of `type` only when it is given. */
  said(type?: RotationEvent['type']): string[];
  record(event: RotationEvent): void;
}

export interface Over {
  readonly soft?: AbortSignal;
  readonly hard?: AbortSignal;
  readonly assertHeld?: () => Promise<void>;
  readonly probe?: Probe;
  /** Throws what the disk says when it cannot take the event. */
  readonly onAppend?: (event: RotationEvent) => void;
}

const STARTED = { type: 'rotation.started', rotationId: 'r1', key: 'k', plan: null } as const;
const NEVER = new AbortController().signal;

/** The engine over a journal that is a list: it must not know of files. */
export function fakeEngine(): FakeEngine {
  const entries: JournalEntry[] = [];
  const finished: string[] = [];
  const told: SessionEvent[] = [];
  const moving = virtualClock(Date.UTC(2026, 0, 1));
  let offset = 0;
  const clock = {
    ...moving,
    now: () => moving.now() + offset,
    set: (now: number) => {
      offset += now - clock.now();
    },
  };
  const at = (): string => new Date(clock.now()).toISOString();
  const entryOf = (event: RotationEvent): JournalEntry => ({ seq: entries.length + 1, at: at(), ...event });
  const record = (event: RotationEvent): void => {
    entries.push(entryOf(event));
  };

  const withDriver = async (over: Over, work: (driver: Driver) => Promise<Advance>): Promise<Advance> => {
    const storage = storageOver(entries, entryOf, over);
    const session =
      entries.length === 0
        ? await beginSession(storage, STARTED, (event) => told.push(event))
        : await openSession(storage, 'r1', (event) => told.push(event));
    const driver: Driver = {
      session,
      clock,
      lock: { fence: 1, assertHeld: over.assertHeld ?? (async () => {}), release: async () => {} },
      ctx: {
        rotationId: 'r1',
        signal: over.hard ?? NEVER,
        clock,
        output: (step) => session.state.steps.get(step)?.output,
        seal: async () => 'sealed',
        unseal: () => Promise.reject(new Error('nothing is sealed here')),
      },
      interruption: { soft: over.soft ?? NEVER, hard: over.hard ?? NEVER },
      redact: (text) => text.replaceAll('hunter2', '***'),
      ...(over.probe === undefined ? {} : { probe: over.probe }),
    };
    return work(driver);
  };
  const finish = async (outcome: string): Promise<void> => {
    finished.push(outcome);
  };

  return {
    entries,
    clock,
    finished,
    told,
    record,
    advance: (phases, over = {}) => withDriver(over, (driver) => advance(phases, driver, finish)),
    rollBack: (phases, over = {}) =>
      withDriver(over, (driver) => rollBackRotation(phases, driver, finish, 'asked for')),
    said: (type) =>
      entries
        .filter((entry) => type === undefined || entry.type === type)
        .map((entry) => ('step' in entry ? `${entry.type} ${entry.step}` : entry.type)),
  };
}

function storageOver(
  entries: JournalEntry[],
  entryOf: (event: RotationEvent) => JournalEntry,
  { onAppend }: Over,
): RotationStorage {
  let failed: Promise<void> | undefined;
  const keep = (entry: JournalEntry): Promise<void> => {
    try {
      onAppend?.(entry);
      entries.push(entry);
      return Promise.resolve();
    } catch (error) {
      failed = Promise.reject(error);
      // Whoever does not await this event learns of it from `flush`.
      failed.catch(() => {});
      return failed;
    }
  };
  const journal: Journal = {
    append: (event) => {
      const entry = entryOf(event);
      return { entry, durable: keep(entry) };
    },
    flush: async () => failed,
    close: async () => {},
  };
  const unused = (): never => {
    throw new Error('the engine asked for something a list cannot give');
  };
  return {
    createJournal: async () => journal,
    openJournal: async (_id, onEntry) => {
      for (const entry of entries) onEntry(entry);
      return journal;
    },
    fingerprintKey: unused,
    rotationIds: unused,
    entries: unused,
    acquireLock: unused,
    sealer: unused,
    destroySealed: unused,
    writeReceipt: unused,
    readReceipt: unused,
  };
}

export function steps(id: string, list: StepsPhase['steps'], over: Partial<StepsPhase> = {}): StepsPhase {
  return { kind: 'steps', id, title: id, steps: list, concurrency: 1, onFailure: 'rollback', ...over };
}
