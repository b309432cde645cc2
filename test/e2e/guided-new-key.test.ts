import { describe, expect, test } from 'vitest';
import { ASKS_FOR_KEY, askedAgain, GATE, rotateToKey } from './support/asked-for-key.ts';
import { newPostmanKey, type PostmanTeam } from './support/postman-team.ts';
import type { Site } from './support/site.ts';
import { CTRL_C, ENTER, type Terminal } from './support/terminal.ts';
import { useSites } from './support/use-sites.ts';

const sites = useSites();

const WRONG_FORMAT = 'Copy the whole key from Postman: `PMAK-`, 24 characters, `-`, 34 characters.';

describe('a new key that cannot be right is asked for again, before any push', () => {
  test.each<[string, (site: Site, team: PostmanTeam) => string, string, string]>([
    ['is no key at all', () => 'hunter2-hunter2', 'it does not look like a Postman API key', WRONG_FORMAT],
    [
      'is of another kind',
      () => newPostmanKey().replace('AK', 'AT'),
      'it is a collection access key (PMAT)',
      WRONG_FORMAT,
    ],
    ['is cut', () => newPostmanKey().slice(0, -1), 'it does not look like a Postman API key', WRONG_FORMAT],
    ['has a blank inside', () => newPostmanKey().replace('-', '- '), 'it has white space', WRONG_FORMAT],
    [
      'is the old one',
      (site) => site.oldKey,
      'it is the same as the old one',
      'The old one stays in use until the new one is everywhere.',
    ],
    [
      'Postman does not know',
      () => newPostmanKey(),
      'Invalid API Key.',
      'If it was made a moment ago, Postman may need a little longer.',
    ],
    [
      'is of another account',
      (_site, team) => team.issue(2),
      'it acts as user-2 in Platform, the old one as user-1 in Platform',
      'If this one was made by mistake, delete it.',
    ],
  ])('one that %s', async (_what, make, reason, hint) => {
    const { site, team } = await sites.openWithTeam();
    const pasted = make(site, team);
    const terminal = await rotateToKey(site);
    terminal.type(`${pasted}${ENTER}`);
    await askedAgain(terminal, hint);
    expect(terminal.text().replaceAll(/\s+/g, ' ')).toContain(reason);
    terminal.type(CTRL_C);
    expect(await terminal.exit).toBe(130);
    const [id = ''] = await site.rotations();
    expect(await site.journal(id)).not.toMatch(/"step":"push:|step\.failed|rollback/);
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
    expect(terminal.raw()).not.toContain(pasted);
  });

  test('one slip after the other, until it is right', async () => {
    const { site, team } = await sites.openWithTeam();
    const newKey = team.issue(1);
    const terminal = await rotateToKey(site);
    terminal.type(`${newKey.slice(0, -1)}${ENTER}`);
    await askedAgain(terminal, WRONG_FORMAT);
    terminal.type(`${site.oldKey}${ENTER}`);
    await askedAgain(terminal, 'until the new one is everywhere.');
    terminal.type(ENTER);
    await askedAgain(terminal, 'Nothing was entered.');
    terminal.type(`${newKey}${ENTER}`);
    await terminal.waitFor(GATE);
    expect(await site.holds()).toEqual([newKey, newKey]);
    for (const key of [newKey, site.oldKey]) expect(terminal.raw()).not.toContain(key.slice(-34, -1));
  });

  test('five wrong ones end the rotation as if it had not begun, and nobody is asked to delete a key', async () => {
    const { site, team } = await sites.openWithTeam();
    const foreign = team.issue(2);
    const terminal = await rotateToKey(site);
    for (let tries = 1; tries < 5; tries += 1) {
      terminal.type(`${foreign}${ENTER}`);
      await askedAgain(terminal, 'delete it.');
    }
    terminal.type(`${foreign}${ENTER}`);
    expect(await terminal.exit).toBe(4);
    const text = terminal.text().replaceAll(/\s+/g, ' ');
    expect(text).toContain('Rolled back: the new key was refused: it acts as user-2 in Platform');
    expect(text).toContain('old key live');
    expect(text).not.toContain('Done?');
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
  });

  test('one that could not be checked is kept, and checked when the person says so', async () => {
    const { site, team } = await sites.openWithTeam();
    const newKey = team.issue(1);
    const terminal = await rotateToKey(site);
    team.breakFor(2);
    terminal.type(`${newKey}${ENTER}`);
    await terminal.waitFor('? Check it again?');
    expect(terminal.text().replaceAll(/\s+/g, ' ')).toContain(
      'It could not be checked, which says nothing against it: issuer postman could not be reached or did not work',
    );
    terminal.type(`y${ENTER}`);
    await askedAgain(terminal, 'then try again.', 'Check it again?');
    terminal.type(`y${ENTER}`);
    await terminal.waitFor(GATE);
    expect(await site.holds()).toEqual([newKey, newKey]);
    expect(terminal.text()).not.toContain('Not taken');
  });
});

describe('while the new key is checked', () => {
  async function checking(): Promise<{ site: Site; terminal: Terminal; newKey: string; release(): void }> {
    const { site, team } = await sites.openWithTeam();
    const newKey = team.issue(1);
    const terminal = await rotateToKey(site);
    const { arrived, release } = team.hold();
    terminal.type(`${newKey}${ENTER}`);
    await arrived;
    return { site, terminal, newKey, release };
  }

  test('what is typed is not shown, and answers no question', async () => {
    const { terminal, newKey, release } = await checking();
    terminal.type(`${newKey}${ENTER}y${ENTER}`);
    release();
    await terminal.waitFor(`${GATE} (y/N)`);
    expect(terminal.raw()).not.toContain(newKey);
    terminal.type(ENTER);
    expect(await terminal.exit).toBe(6);
  });

  test('Ctrl-C lets the check finish, and the key is not asked for twice', async () => {
    const { site, terminal, release } = await checking();
    terminal.type(CTRL_C);
    await terminal.waitFor('Stopping after the step in hand');
    release();
    expect(await terminal.exit).toBe(130);
    const [id = ''] = await site.rotations();
    expect(terminal.text()).toContain(`keyturn resume ${id}`);
    const resumed = site.terminal(['resume', id]);
    await resumed.waitFor(GATE);
    expect(resumed.text()).not.toContain(ASKS_FOR_KEY);
  });

  test('a second Ctrl-C gives the check up', async () => {
    const { site, terminal } = await checking();
    terminal.type(CTRL_C);
    await terminal.waitFor('press Ctrl-C again');
    terminal.type(CTRL_C);
    expect(await terminal.exit).toBe(130);
    const [id = ''] = await site.rotations();
    expect(await site.journal(id)).not.toMatch(/step\.failed|rollback/);
  });
});

test('what was typed before a question stood there is no answer to it', async () => {
  const { site, team } = await sites.openWithTeam();
  const terminal = await rotateToKey(site);
  const pings = site.service.hold();
  terminal.type(`${team.issue(1)}${ENTER}`);
  await pings.arrived;
  terminal.type(`y${ENTER}`);
  pings.release();
  await terminal.waitFor(GATE);
  terminal.type(ENTER);
  expect(await terminal.exit).toBe(6);
  expect(terminal.text()).toContain('Paused at the gate');
});
