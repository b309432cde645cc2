import type { EventListener } from '../../engine/session.ts';

/** Shows what is being done, on stderr. */
export interface Progress {
  readonly onEvent: EventListener;
  readonly onPreflight: (done: number, total: number) => void;
  /** Finishes the line in hand: called before a prompt and at the end. */
  settle(): Promise<void>;
}

export type ProgressStyle = 'tasks' | 'plain' | 'json' | 'none';

/** Tasks only where they can be drawn; heavy renderers are loaded when used. */
export async function createProgress(style: ProgressStyle, write: (text: string) => void): Promise<Progress> {
  switch (style) {
    case 'tasks':
      return (await import('./task-progress.ts')).taskProgress();
    case 'plain':
      return (await import('./plain-progress.ts')).plainProgress(write);
    case 'json':
      return (await import('./json-progress.ts')).jsonProgress(write);
    case 'none':
      return { onEvent: () => {}, onPreflight: () => {}, settle: async () => {} };
  }
}

export function progressStyle(asked: 'auto' | ProgressStyle, json: boolean): ProgressStyle {
  if (asked !== 'auto') return asked;
  if (json) return 'none';
  const dumb = process.env['TERM'] === 'dumb' || (process.env['CI'] ?? '') !== '';
  return process.stderr.isTTY === true && !dumb ? 'tasks' : 'plain';
}
