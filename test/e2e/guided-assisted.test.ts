import { describe, expect, test } from 'vitest';
import { newPostmanKey, type PostmanTeam, startPostmanTeam } from './support/postman-team.ts';
import type { Site } from './support/site.ts';
import { CTRL_C, ENTER, type Terminal } from './support/terminal.ts';
import { pressDelete, pressGenerate, useSites } from './support/use-sites.ts';

const sites = useSites();

async function openWithTeam(): Promise<{ site: Site; team: PostmanTeam }> {
  const team = await startPostmanTeam();
  sites.close(team.stop);
  const issuer = { type: 'postman', baseUrl: team.url };
  return { site: await sites.open({ issuer, oldKey: team.issue(1) }), team };
}

const ASKS_FOR_KEY = 'New Postman API key';
const GATE = 'Deactivate the old key now?';

async function rotateToKey(site: Site, cols = 80): Promise<Terminal> {
  const terminal = site.terminal(['rotate', 'shop-key'], { cols });
  await terminal.waitFor('Rotate shop-key now?');
  terminal.type(`y${ENTER}`);
  await terminal.waitFor(ASKS_FOR_KEY);
  return terminal;
}

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
    await terminal.waitFor('Take your time');
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
    const { site, team } = await openWithTeam();
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
    await resumed.waitFor('Nothing was entered.');
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

describe('a new key that cannot be right is refused before any push', () => {
  async function refusedWith(
    site: Site,
    pasted: string,
    afterwards: (terminal: Terminal) => Promise<void> = async () => {},
  ): Promise<string> {
    const terminal = await rotateToKey(site);
    terminal.type(`${pasted}${ENTER}`);
    await afterwards(terminal);
    expect(await terminal.exit).toBe(4);
    const [id = ''] = await site.rotations();
    expect(await site.journal(id)).not.toContain('"step":"push:');
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
    expect(terminal.raw()).not.toContain(pasted);
    const text = terminal.text().replaceAll(/\s+/g, ' ');
    expect(text).toContain('old key live');
    expect(text).toContain('0 of 2 hold the new key');
    return text;
  }

  test.each([
    ['is no key at all', () => 'hunter2-hunter2', 'it does not look like a Postman API key'],
    ['is of another kind', () => newPostmanKey().replace('AK', 'AT'), 'it is a collection access key (PMAT)'],
    ['is cut', () => newPostmanKey().slice(0, -1), 'it does not look like a Postman API key'],
  ])('one that %s', async (_what, pasted, reason) => {
    const { site } = await sites.openWithPostman();
    expect(await refusedWith(site, pasted())).toContain(reason);
  });

  test('the old one again', async () => {
    const { site } = await sites.openWithPostman();
    expect(await refusedWith(site, site.oldKey)).toContain('it is the same as the old one');
  });

  test('one of another account', async () => {
    const { site, team } = await openWithTeam();
    const foreign = team.issue(2);
    const text = await refusedWith(site, foreign, async (terminal) => {
      // It was made for this rotation, and is of no use: the person is asked to delete it.
      await terminal.waitFor(`Delete the Postman API key ${foreign.slice(0, 29)}`);
      await terminal.waitFor('Done?');
      terminal.type(`y${ENTER}`);
    });
    expect(text).toContain('it acts as user-2 in Platform, the old one as user-1 in Platform');
  });
});
