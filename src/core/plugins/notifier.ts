import type { CallContext } from './contexts.ts';

/** What somebody may want to hear of; `paused` is a gate, a wait or a person's step. */
export const NOTICE_EVENTS = ['begun', 'paused', 'needs-person', 'rolled-back', 'done'] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** What is told of a rotation: plain JSON, redacted, and never a value. */
export interface Notice {
  readonly event: NoticeEvent;
  readonly rotationId: string;
  /** The key's name in the config. */
  readonly key: string;
  /** ISO 8601. */
  readonly at: string;
  /** One line: what happened. */
  readonly message: string;
  /** What is live now, line by line. */
  readonly live: readonly string[];
  /** Commands to run next, the safest first. */
  readonly next: readonly string[];
}

export interface Notifier {
  /**
   * Tells it once. Whatever it throws is shown and forgotten: a rotation does not fail for it.
   * @throws RotationError
   */
  notify(notice: Notice, ctx: CallContext): Promise<void>;
  close?(): Promise<void>;
}
