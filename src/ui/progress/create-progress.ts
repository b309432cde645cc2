import type { Progress, ProgressStyle } from './progress.ts';

/** Heavy renderers are loaded when used. */
export async function createProgress(style: ProgressStyle, write: (text: string) => void): Promise<Progress> {
  switch (style) {
    case 'tasks':
      return (await import('./task-progress.ts')).taskProgress();
    case 'plain':
      return (await import('./plain-progress.ts')).plainProgress(write);
    case 'json':
      return (await import('./json-progress.ts')).jsonProgress(write);
    case 'none':
      return { onEvent: () => {}, onPreflight: () => {}, settle: async () => {}, note: () => {} };
  }
}

export function progressStyle(asked: 'auto' | ProgressStyle, json: boolean): ProgressStyle {
  if (asked === 'auto' && json) return 'none';
  if (asked !== 'auto' && asked !== 'tasks') return asked;
  const dumb = process.env['TERM'] === 'dumb' || (process.env['CI'] ?? '') !== '';
  // Without a terminal on both, listr2 writes lines of its own to stdout, where the answer belongs.
  const canDraw = process.stderr.isTTY === true && process.stdout.isTTY === true;
  return canDraw && (asked === 'tasks' || !dumb) ? 'tasks' : 'plain';
}
