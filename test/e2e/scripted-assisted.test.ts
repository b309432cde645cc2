import { describe, expect, test } from 'vitest';
import { newPostmanKey } from './support/postman-team.ts';
import type { Site } from './support/site.ts';
import { pressDelete, pressGenerate, useSites } from './support/use-sites.ts';

const { open, openWithPostman, openWithTeam } = useSites();

const ask = ['rotate', 'shop-key', '--yes', '--no-prompt', '--progress', 'none'];

async function onlyRotation(site: Site): Promise<string> {
  const [id = '', ...others] = await site.rotations();
  expect(others).toEqual([]);
  return id;
}

describe('an issuer whose keys a person makes, from a script', () => {
  test('pauses with the clicks and the exact command each time, and ends with the old key dead', async () => {
    const { site, postman } = await openWithPostman();
    const first = await site.run(ask);
    expect(first.exitCode).toBe(6);
    const id = await onlyRotation(site);
    expect(first.stdout).toContain('2. Click "Generate API Key".');
    expect(first.stdout).toContain(`keyturn resume ${id} --new-key-stdin`);
    expect((await site.run(['rotations', 'show', id])).stdout).toContain(
      `keyturn resume ${id} --new-key-stdin`,
    );

    const newKey = await pressGenerate(postman);
    const second = await site.run(['resume', id, '--new-key-stdin', '--progress', 'none'], {
      stdin: `${newKey}\n`,
    });
    expect(second.exitCode).toBe(6);
    expect(second.stdout).toContain(`keyturn approve ${id}`);
    expect(await site.holds()).toEqual([newKey, newKey]);

    const third = await site.run(['approve', id, '--progress', 'none']);
    expect(third.exitCode).toBe(6);
    expect(third.stdout).toContain(`keyturn resume ${id} --confirm-done`);
    expect(third.stdout).toContain(site.oldKey.slice(0, 29));

    await pressDelete(postman, site.oldKey);
    const last = await site.run(['resume', id, '--confirm-done', '--progress', 'none']);
    expect(last.exitCode).toBe(0);
    expect(last.stdout).toContain('old key   deactivated');
  });

  test('takes the key by a pipe at the start, and all in one go', async () => {
    const { site, postman } = await openWithPostman();
    const newKey = await pressGenerate(postman);
    const run = await site.run([...ask, '--new-key-stdin'], { stdin: `${newKey}\r\n` });
    expect(run.exitCode).toBe(6);
    expect(await site.holds()).toEqual([newKey, newKey]);
  });

  test.each([
    ['nothing', ''],
    ['a newline', '\n'],
    ['blanks', '  \n'],
  ])('%s on stdin begins nothing', async (_what, stdin) => {
    const { site } = await openWithPostman();
    const run = await site.run([...ask, '--new-key-stdin'], { stdin });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('the new key on stdin was refused: it is empty');
    expect(await site.rotations()).toEqual([]);
  });

  test('an empty pipe does not cost a paused rotation', async () => {
    const { site } = await openWithPostman();
    await site.run(ask);
    const id = await onlyRotation(site);
    expect((await site.run(['resume', id, '--new-key-stdin'], { stdin: '' })).exitCode).toBe(3);
    expect((await site.run(['rotations', 'show', id])).stdout).toContain('needs a person');
  });

  test('more than one trailing newline is part of the value, and refused', async () => {
    const { site, postman } = await openWithPostman();
    const stdin = `${await pressGenerate(postman)}\n\n\n`;
    const run = await site.run([...ask, '--new-key-stdin'], { stdin });
    expect(run.exitCode).toBe(4);
    expect(run.stdout).toContain('white space');
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
  });

  test.each<[string, (old: string, foreign: string) => string, string]>([
    ['the old one', (old) => old, 'it is the same as the old one'],
    ['one of another account', (_old, foreign) => foreign, 'it acts as user-2 in Platform, the old one as'],
    ['one that Postman does not know', () => newPostmanKey(), 'Invalid API Key.'],
  ])('%s is refused at once, and nothing is left to delete', async (_what, pick, reason) => {
    const { site, team } = await openWithTeam();
    const stdin = pick(site.oldKey, team.issue(2));
    const run = await site.run([...ask, '--new-key-stdin'], { stdin });
    expect(run.exitCode).toBe(4);
    expect(run.stdout).toContain(reason);
    expect(run.stdout).toMatch(/old key +live/);
    expect(run.stdout).not.toContain(stdin);
    expect(await site.journal(await onlyRotation(site))).not.toContain('"step":"push:');
  });

  test('a busy Postman is asked again about the same key', async () => {
    const { site, team } = await openWithTeam();
    const newKey = team.issue(1);
    const before = await site.run(ask);
    expect(before.exitCode).toBe(6);
    team.breakFor(2);
    const run = await site.run(['resume', '--new-key-stdin'], { stdin: newKey });
    expect(run.exitCode).toBe(6);
    expect(run.stdout).toContain('keyturn approve');
    expect(await site.holds()).toEqual([newKey, newKey]);
  });

  test('a Postman that cannot be asked is blamed, and not the key', async () => {
    const { site, team } = await openWithTeam();
    await site.run(ask);
    team.breakFor(1_000);
    const run = await site.run(['resume', '--new-key-stdin'], { stdin: team.issue(1) });
    expect(run.exitCode).toBe(4);
    expect(run.stdout).toContain('Rolled back: issuer postman could not be reached or did not work');
    expect(run.stdout).not.toContain('the new key was refused');
  });

  test('the key is never taken for a name that was left out', async () => {
    const { site, postman } = await openWithPostman();
    const stdin = await pressGenerate(postman);
    for (const command of ['rotate', 'approve', 'plan']) {
      const run = await site.run([command], { stdin });
      expect(run.exitCode).toBe(2);
      expect(`${run.stdout}${run.stderr}`).not.toContain(stdin);
    }
  });

  test('a key for a rotation that has one is not looked at, and that is said', async () => {
    const { site, postman } = await openWithPostman();
    const newKey = await pressGenerate(postman);
    await site.run([...ask, '--new-key-stdin'], { stdin: newKey });
    const again = ['resume', await onlyRotation(site), '--new-key-stdin'];
    const run = await site.run(again, { stdin: await pressGenerate(postman) });
    expect(run.exitCode).toBe(6);
    expect(run.stderr).toContain('has its new key already; the one on stdin is not looked at');
    expect(await site.holds()).toEqual([newKey, newKey]);
  });

  test('a terminal on stdin would show the key, and is refused', async () => {
    const { site } = await openWithPostman();
    const terminal = site.terminal(['rotate', 'shop-key', '--yes', '--new-key-stdin']);
    expect(await terminal.exit).toBe(3);
    expect(terminal.text()).toContain('stdin is a terminal, which would show the key');
    expect(await site.rotations()).toEqual([]);
  });
});

describe('a new key on stdin for an issuer that makes its keys itself', () => {
  const stdin = 'a-key-that-nobody-asked-for';

  test('is refused as a mistake on the command line, before anything is touched', async () => {
    const site = await open();
    const run = await site.run([...ask, '--new-key-stdin'], { stdin });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('--new-key-stdin is not valid: issuer generated makes the new key itself');
    expect(run.stderr).toContain('Leave the flag out');
    expect(await site.rotations()).toEqual([]);
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
  });

  test('also when there is nothing on stdin, or a person who has not typed anything yet', async () => {
    const site = await open();
    expect((await site.run([...ask, '--new-key-stdin'], { stdin: '' })).exitCode).toBe(2);
    expect(await site.terminal(['rotate', 'shop-key', '--new-key-stdin']).exit).toBe(2);
  });

  test.each(['resume', 'approve'])('also by %s, which leaves the rotation as it was', async (command) => {
    const site = await open();
    await site.run(ask);
    const id = await onlyRotation(site);
    const journal = await site.journal(id);
    const run = await site.run([command, id, '--new-key-stdin'], { stdin });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('issuer generated makes the new key itself');
    expect(await site.journal(id)).toBe(journal);
  });

  test('one key cannot be that of all rotations that are due, and none is needed to go back', async () => {
    const site = await open();
    expect((await site.run(['resume', '--due', '--new-key-stdin'], { stdin })).exitCode).toBe(2);
    expect((await site.run(['rollback', 'r1', '--new-key-stdin'], { stdin })).exitCode).toBe(2);
  });
});
