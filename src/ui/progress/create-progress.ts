import type { Progress, ProgressStyle } from './progress.ts';

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
