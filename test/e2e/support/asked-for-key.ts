import type { Site } from './site.ts';
import { ENTER, type Terminal } from './terminal.ts';

export const ASKS_FOR_KEY = 'New Postman API key';
export const GATE = 'Deactivate the old key now?';

/** A person who has begun, and sees the hidden question. */
export async function rotateToKey(site: Site, cols = 80): Promise<Terminal> {
  const terminal = site.terminal(['rotate', 'shop-key'], { cols });
  await terminal.waitFor('Rotate shop-key now?');
  terminal.type(`y${ENTER}`);
  await terminal.waitFor(ASKS_FOR_KEY);
  return terminal;
}

/**
 * The question that comes after `said`: the one before it is drawn again with each key, so its text alone may be old,
 * and what was said stands there before the next question takes keys.
 */
export async function askedAgain(terminal: Terminal, said: string, question = ASKS_FOR_KEY): Promise<void> {
  await terminal.waitFor(`${said} ? ${question}`);
}
