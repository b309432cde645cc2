import { RotationError } from '../../../src/core/errors/rotation-error.ts';
import type { JournalEntry, RotationEvent } from '../../../src/core/rotation/events.ts';
import type { RotationState } from '../../../src/core/rotation/state.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { StepContext } from '../../../src/core/step.ts';
import type { Driver } from '../../../src/engine/driver.ts';
import type { Journal } from '../../../src/engine/journal.ts';
import { beginSession, openSession, type Session } from '../../../src/engine/session.ts';
import type { RotationStorage } from '../../../src/engine/storage.ts';
import { virtualClock } from '../../../src/lib/virtual-clock.ts';

export const NOON = Date.parse('2030-01-01T12:00:00Z');

/** One rotation over a journal in memory: no file, no plug-in, no key. */
export interface Rig {
  /** What a process that drives the rotation holds. */
  readonly driver: Driver;
  readonly state: RotationState;
  /** Types of the journalled events, each with its step or phase: `step.done push`. */
  journalled(): string[];
  /** Another process reads the journal and goes on; only what was durable is left. */
  reopen(): Promise<Rig>;
  readonly clock: ReturnType<typeof virtualClock>;
  interrupt(how: 'softly' | 'hard'): void;
  /** From now on another process holds the lock. */
  loseLock(): void;
  /** What the disk does with an event before it is durable; a rejection breaks the journal. */
  onAppend(rule: (event: RotationEvent) => Promise<void>): void;
}

export async function startRig(): Promise<Rig> {
  const storage = memoryStorage();
  const started = { type: 'rotation.started', rotationId: 'r-1', key: 'the-key', plan: null } as const;
  return rigOver(storage, await beginSession(storage.storage, started, () => {}), virtualClock(NOON));
}

function rigOver(storage: MemoryStorage, session: Session, clock: Rig['clock']): Rig {
  const [soft, hard] = [new AbortController(), new AbortController()];
  let held = true;
  const driver: Driver = {
    session,
    clock,
    ctx: contextOver(session, clock, hard.signal),
    interruption: { soft: soft.signal, hard: hard.signal },
    redact: (text) => text,
    lock: {
      fence: 1,
      assertHeld: async () => {
        if (!held) throw new RotationError('LOCKED', { subject: 'key the-key' });
      },
      release: async () => {},
    },
  };
  return {
    driver,
    clock,
    get state() {
      return session.state;
    },
    journalled: () => storage.entries.map(shown),
    reopen: async () =>
      rigOver(storage, await openSession(storage.storage, 'r-1', () => {}), virtualClock(clock.now())),
    interrupt: (how) => {
      soft.abort();
      if (how === 'hard') hard.abort();
    },
    loseLock: () => {
      held = false;
    },
    onAppend: (rule) => {
      storage.rule = rule;
    },
  };
}

function contextOver(session: Session, clock: Rig['clock'], signal: AbortSignal): StepContext {
  return {
    rotationId: 'r-1',
    signal,
    clock,
    output: (stepId) => session.state.steps.get(stepId)?.output,
    seal: async (secret) => secret.reveal(),
    unseal: async (text) => new Secret(text),
  };
}

interface MemoryStorage {
  readonly storage: RotationStorage;
  readonly entries: JournalEntry[];
  rule: (event: RotationEvent) => Promise<void>;
}

function memoryStorage(): MemoryStorage {
  const entries: JournalEntry[] = [];
  let last = Promise.resolve();
  const keep = async (before: Promise<void>, event: RotationEvent): Promise<void> => {
    await before;
    await memory.rule(event);
    entries.push({ seq: entries.length + 1, at: new Date(NOON).toISOString(), ...event });
  };
  const journal: Journal = {
    append: (event) => {
      last = keep(last, event);
      // Whoever does not wait for one event hears of it at the next flush.
      last.catch(() => {});
      return last;
    },
    flush: () => last,
    close: async () => {},
  };
  const memory: MemoryStorage = {
    entries,
    rule: async () => {},
    storage: {
      ...UNUSED,
      createJournal: async () => journal,
      openJournal: async (_id, onEntry) => {
        for (const entry of entries) onEntry(entry);
        last = Promise.resolve();
        return journal;
      },
    },
  };
  return memory;
}

const unused = (): never => {
  throw new Error('the engine asks only for journals');
};
const UNUSED: RotationStorage = {
  fingerprintKey: unused,
  rotationIds: unused,
  entries: unused,
  createJournal: unused,
  openJournal: unused,
  acquireLock: unused,
  sealer: unused,
  destroySealed: unused,
  writeReceipt: unused,
  readReceipt: unused,
};

function shown(event: RotationEvent): string {
  if ('step' in event) return `${event.type} ${event.step}`;
  return 'phase' in event ? `${event.type} ${event.phase}` : event.type;
}
