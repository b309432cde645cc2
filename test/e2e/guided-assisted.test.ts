import { describe, expect, test } from 'vitest';
import { ASKS_FOR_KEY, askedAgain, GATE, rotateToKey } from './support/asked-for-key.ts';
import type { Site } from './support/site.ts';
import { CTRL_C, ENTER, type Terminal } from './support/terminal.ts';
import { pressDelete, pressGenerate, useSites } from './support/use-sites.ts';

const sites = useSites();

describe('a key that a person makes and deletes', () => {
  test('is asked for with the exact clicks, never echoed, distributed, deleted by hand and proved dead', async () => {
    const { site, postman } = await sites.openWithPostman();
    const oldId = site.oldKey.slice(0, 29);
    const terminal = await rotateToKey(site, 200);
    const asked = terminal.text();
    expect(asked).toContain('made by a person at postman; keyturn asks for it');
    expect(asked).toContain('a person deactivates the old key, keyturn shows how and proves it dead');
    expect(asked).toContain('point of no return: deactivate-key');
    expect(asked).toContain('2. Click "Generate API Key".');
    expect(asked).toContain('https://go.postman.co/settings/me/api-keys');
    expect(asked).toMatch(/Name it r\d{8}-\d{6}-/);
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);

    const newKey = await pressGenerate(postman);
    const stars = '*'.repeat(newKey.length);
    terminal.type(newKey);
    await terminal.waitFor(stars);
    // Ctrl-T shows what was typed, where inquirer is left as it comes.
    terminal.type('\u0014x');
    await terminal.waitFor(`${stars}*`);
    terminal.type(`\u007f${ENTER}`);
    await terminal.waitFor(GATE);
    expect(await site.holds()).toEqual([newKey, newKey]);
    terminal.type(`y${ENTER}`);
    await terminal.waitFor('Done?');
    expect(terminal.text()).toContain(`Delete the Postman API key ${oldId}`);
    terminal.type(ENTER);
    await askedAgain(terminal, 'nothing is lost.', 'Done?');
    await pressDelete(postman, site.oldKey);
    terminal.type(`y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.text()).toContain('Done: shop-key is rotated and the old key is retired');
    expect(terminal.text()).toContain(`old key   deactivated (${oldId})`);
    expect(terminal.raw()).not.toContain(newKey);
    expect(terminal.raw()).not.toContain(newKey.slice(-34));
    expect(await postman.keys()).toHaveLength(1);
  });

  test('is proved dead by asking until the issuer refuses it, twice in a row', async () => {
    const { site, team } = await sites.openWithTeam();
    const newKey = team.issue(1);
    const terminal = await rotateToKey(site);
    terminal.type(`${newKey}${ENTER}`);
    await terminal.waitFor(GATE);
    terminal.type(`y${ENTER}`);
    await terminal.waitFor('Done?');
    const before = team.asked(site.oldKey);
    team.dieAfter(site.oldKey, 1);
    terminal.type(`y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    expect(team.asked(site.oldKey) - before).toBe(3);
  });

  test('Ctrl-C at the hidden question pauses, and resume asks again', async () => {
    const { site, postman } = await sites.openWithPostman();
    const terminal = await rotateToKey(site);
    terminal.type(CTRL_C);
    expect(await terminal.exit).toBe(130);
    const [id = ''] = await site.rotations();
    expect(terminal.text()).toContain(`keyturn resume ${id}`);
    expect(terminal.text()).toContain('0 of 2 hold the new key');

    const resumed = site.terminal(['resume', id]);
    await resumed.waitFor(ASKS_FOR_KEY);
    resumed.type(ENTER);
    await askedAgain(resumed, 'Nothing was entered.');
    resumed.type(`${await pressGenerate(postman)}${ENTER}`);
    await resumed.waitFor(GATE);
    resumed.type(CTRL_C);
    expect(await resumed.exit).toBe(130);
  });

  test('Ctrl-C at "Done?" leaves it open whether the old key is live, and resume asks again', async () => {
    const { site, postman } = await sites.openWithPostman();
    const terminal = await rotateToKey(site);
    terminal.type(`${await pressGenerate(postman)}${ENTER}`);
    await terminal.waitFor(GATE);
    terminal.type(`y${ENTER}`);
    await terminal.waitFor('Done?');
    terminal.type(CTRL_C);
    expect(await terminal.exit).toBe(130);
    expect(terminal.text()).toContain('old key   unknown');
    const resumed = site.terminal(['resume']);
    await resumed.waitFor('Done?');
    await pressDelete(postman, site.oldKey);
    resumed.type(`y${ENTER}`);
    expect(await resumed.exit).toBe(0);
  });
});

describe('an interruption at a question ends it with 130 and the command to go on', () => {
  const CTRL_D = '\u0004';
  const ways: readonly (readonly [string, (terminal: Terminal) => void])[] = [
    ['SIGTERM', (terminal) => terminal.signal('SIGTERM')],
    ['Ctrl-D', (terminal) => terminal.type(CTRL_D)],
  ];

  async function interrupted(site: Site, terminal: Terminal): Promise<string> {
    expect(await terminal.exit).toBe(130);
    const [id = ''] = await site.rotations();
    expect(terminal.text()).toContain(`keyturn resume ${id}`);
    // Nothing is in hand: there is no step to wait for.
    expect(terminal.text()).not.toContain('Stopping after');
    expect(await site.journal(id)).not.toMatch(/step\.(failed|deferred|stuck)|rollback/);
    return id;
  }

  test.each(ways)('%s, before it has begun', async (_way, interrupt) => {
    const { site } = await sites.openWithTeam();
    const terminal = site.terminal(['rotate', 'shop-key']);
    await terminal.waitFor('Rotate shop-key now?');
    interrupt(terminal);
    expect(await terminal.exit).toBe(130);
    expect(terminal.text()).toContain('Nothing was touched. Begin again with `keyturn rotate shop-key`.');
    expect(await site.rotations()).toEqual([]);
  });

  test.each(ways)('%s, where a key is asked for', async (_way, interrupt) => {
    const { site, team } = await sites.openWithTeam();
    const terminal = await rotateToKey(site);
    interrupt(terminal);
    const id = await interrupted(site, terminal);
    const resumed = site.terminal(['resume', id]);
    await resumed.waitFor(ASKS_FOR_KEY);
    resumed.type(`${team.issue(1)}${ENTER}`);
    await resumed.waitFor(GATE);
  });

  test('SIGTERM, with half a key typed', async () => {
    const { site, team } = await sites.openWithTeam();
    const half = team.issue(1).slice(0, 40);
    const terminal = await rotateToKey(site);
    terminal.type(half);
    await terminal.waitFor('*'.repeat(half.length));
    terminal.signal('SIGTERM');
    await interrupted(site, terminal);
    expect(terminal.raw()).not.toContain(half);
  });

  test.each(ways)('%s, where a deletion is waited for', async (_way, interrupt) => {
    const { site, team } = await sites.openWithTeam();
    const terminal = await rotateToKey(site);
    terminal.type(`${team.issue(1)}${ENTER}`);
    await terminal.waitFor(GATE);
    terminal.type(`y${ENTER}`);
    await terminal.waitFor('Done?');
    interrupt(terminal);
    const id = await interrupted(site, terminal);
    const resumed = site.terminal(['resume', id]);
    await resumed.waitFor('Done?');
  });
});
