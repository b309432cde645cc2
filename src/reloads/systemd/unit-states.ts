import { quoted } from '../../lib/quoted.ts';

/** `failed`: no wait will help. */
export interface UnitStates {
  readonly state: 'active' | 'changing' | 'failed';
  /** `checkout.service is activating`: the first that is not active. */
  readonly seen: string;
}

const LONGEST_WORD = 40;

const CHANGING = new Set(['activating', 'reloading', 'refreshing', 'deactivating', 'maintenance']);

/** What `systemctl is-active UNIT…` says: one word for each unit, in their order. */
export function unitStates(units: readonly string[], stdout: string): UnitStates {
  const words = stdout.trim().split(/\s+/);
  const states = units.map((unit, index) => ({ unit, word: words[index] || 'unknown' }));
  const seenOf = ({ unit, word }: { unit: string; word: string }): string =>
    `${unit} is ${quoted(word, LONGEST_WORD)}`;
  const failed = states.find(({ word }) => word !== 'active' && !CHANGING.has(word));
  if (failed !== undefined) return { state: 'failed', seen: seenOf(failed) };
  const changing = states.find(({ word }) => word !== 'active');
  if (changing !== undefined) return { state: 'changing', seen: seenOf(changing) };
  return { state: 'active', seen: `${units.join(', ')} active` };
}
