import { describe, expect, test } from 'vitest';
import type { Site } from './support/site.ts';
import { pressDelete, pressGenerate, useSites } from './support/use-sites.ts';

const { openWithPostman } = useSites();

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

  test('a terminal on stdin would show the key, and is refused', async () => {
    const { site } = await openWithPostman();
    const terminal = site.terminal(['rotate', 'shop-key', '--yes', '--new-key-stdin']);
    expect(await terminal.exit).toBe(3);
    expect(terminal.text()).toContain('stdin is a terminal, which would show the key');
    expect(await site.rotations()).toEqual([]);
  });
});
