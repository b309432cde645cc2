import type { EventListener } from '../../engine/session.ts';

/** Shows what is being done, on stderr. */
export interface Progress {
  readonly onEvent: EventListener;
  readonly onPreflight: (done: number, total: number) => void;
  /** Finishes the line in hand: called before a prompt and at the end. */
  settle(): Promise<void>;
  /** Says something without breaking what is being drawn. */
  note(text: string): void;
}

export type ProgressStyle = 'tasks' | 'plain' | 'json' | 'none';
