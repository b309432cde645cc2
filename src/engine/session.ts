import type { RotationEvent } from '../core/rotation/events.ts';
import { createFold } from '../core/rotation/fold.ts';
import type { RotationState } from '../core/rotation/state.ts';
import type { Journal } from './journal.ts';
import type { RotationStorage } from './storage.ts';

/** A rotation open for driving: its journal and what the journal adds up to, always together. */
export interface Session {
  readonly state: RotationState;
  /** Applies the event and appends it; resolves when it is durable. */
  record(event: RotationEvent): Promise<void>;
  /** Tells the listener alone. */
  tell(begun: StepBegun): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A step without an effect has begun. Not journalled: after a crash there is nothing to look for. */
export interface StepBegun {
  readonly type: 'step.begun';
  readonly step: string;
}

export type SessionEvent = RotationEvent | StepBegun;

/** Told of each event of this process as it happens: what a progress display is made of. */
export type EventListener = (event: SessionEvent, state: RotationState) => void;

/** @throws RotationError NOT_FOUND, REFUSED (damaged journal) */
export async function openSession(
  storage: RotationStorage,
  rotationId: string,
  listener: EventListener,
): Promise<Session> {
  const fold = createFold();
  const journal = await storage.openJournal(rotationId, fold.apply);
  return sessionOver(journal, fold, listener);
}

/** Begins a rotation: its first event is durable when this resolves. */
export async function beginSession(
  storage: RotationStorage,
  started: RotationEvent & { readonly type: 'rotation.started' },
  listener: EventListener,
): Promise<Session> {
  const session = sessionOver(await storage.createJournal(started.rotationId), createFold(), listener);
  await session.record(started);
  return session;
}

function sessionOver(
  journal: Journal,
  fold: ReturnType<typeof createFold>,
  listener: EventListener,
): Session {
  return {
    get state() {
      return fold.state();
    },
    record: (event) => {
      const { entry, durable } = journal.append(event);
      fold.apply(entry);
      listener(event, fold.state());
      return durable;
    },
    tell: (begun) => listener(begun, fold.state()),
    flush: () => journal.flush(),
    close: () => journal.close(),
  };
}
