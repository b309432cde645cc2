import type { LiveKeys } from '../../app/live-keys.ts';

/** What an on-call engineer has to know, one line each. */
export function renderLive({ oldKey, newKey, targets }: LiveKeys): string[] {
  return [
    `  old key   ${keyText(oldKey)}`,
    `  new key   ${keyText(newKey)}`,
    `  targets   ${targets.holdNew} of ${targets.total} hold the new key${unclear(targets.unclear)}`,
  ];
}

function keyText({ id, state }: LiveKeys['oldKey']): string {
  return id === null ? state : `${state} (${id})`;
}

function unclear(ids: readonly string[]): string {
  if (ids.length === 0) return '';
  const shown = ids.slice(0, 3).join(', ');
  return `; not clear: ${ids.length > 3 ? `${shown} and ${ids.length - 3} more` : shown}`;
}
