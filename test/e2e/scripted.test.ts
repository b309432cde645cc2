import { describe, expect, test } from 'vitest';
import type { Site } from './support/site.ts';
import { useSites } from './support/use-sites.ts';

const { open } = useSites();

const QUIETLY = ['--yes', '--no-prompt', '--progress', 'none'];
const now = ['rotate', 'shop-key', '--deactivate', 'now', ...QUIETLY];
const ask = ['rotate', 'shop-key', ...QUIETLY];

async function onlyRotation(site: Site): Promise<string> {
  const [id = '', ...others] = await site.rotations();
  expect(others).toEqual([]);
  return id;
}

describe('where nobody can be asked, a command refuses and names the flag', () => {
  test.each([
    ['rotate', ['rotate', 'shop-key'], '--yes'],
    ['rotate --json', ['rotate', 'shop-key', '--json'], '--yes'],
    ['init', ['init', '--config', 'new.yaml'], '--key'],
    ['init --key', ['init', '--config', 'new.yaml', '--key', 'k'], '--issuer'],
    ['init --issuer', ['init', '--config', 'new.yaml', '--key', 'k', '--issuer', 'generated'], '--store'],
    [
      'init --store',
      ['init', '--config', 'new.yaml', '--key', 'k', '--issuer', 'generated', '--store', 'env=dotenv'],
      '--target',
    ],
  ])('%s', async (_what, argv, flag) => {
    const site = await open();
    const run = await site.run(argv);
    expect(run.exitCode).toBe(3);
    expect(run.stderr + run.stdout).toContain('there is nobody to ask');
    expect(run.stderr + run.stdout).toContain(`Pass ${flag}.`);
    expect(await site.rotations()).toEqual([]);
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
  });

  test('also at a terminal, with --no-prompt', async () => {
    const site = await open();
    const terminal = site.terminal(['rotate', 'shop-key', '--no-prompt']);
    expect(await terminal.exit).toBe(3);
    expect(terminal.text()).toContain('Pass --yes.');
    const init = site.terminal(['init', '--no-prompt', '--config', 'new.yaml']);
    expect(await init.exit).toBe(3);
    expect(init.text()).toContain('Pass --key.');
  });
});

describe('every exit code, from a real process', () => {
  test('0: done', async () => {
    const site = await open();
    const run = await site.run(now);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('Done: shop-key is rotated and the old key is retired');
    expect(run.stderr).toBe('');
    expect((await site.holds())[0]).not.toBe(site.oldKey);
  });

  test('1: something else went wrong', async () => {
    const run = await (await open()).run(['rotations', 'show', 'r20200101-000000-aaaaaa']);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('[NOT_FOUND]');
    expect(run.stderr).toContain('keyturn rotations');
  });

  test('2: the command line, and the config', async () => {
    const site = await open();
    expect((await site.run(['rotate', 'shop-key', '--nonsense'])).exitCode).toBe(2);
    expect((await site.run(['rotate', 'no-such-key', '--yes'])).exitCode).toBe(2);
    expect((await site.run(['plan', 'shop-key', '--config', 'nowhere.yaml'])).exitCode).toBe(2);
  });

  test('3: preflight refuses, with every reason', async () => {
    const site = await open();
    site.service.breakWholly();
    await site.write('courier.env', `export API_KEY="${'0'.repeat(64)}" # shared\n`);
    const run = await site.run(now);
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('preflight found 2 reasons not to begin');
    // Which of two different values is the right one, keyturn cannot know.
    expect(run.stderr).toMatch(/x env-files\/(shop|courier)\.env#API_KEY: it holds another value than/);
    expect(run.stderr).toContain('pass --accept-drift');
    expect(run.stderr).toContain('x service shop, check ping: it does not pass with the current key');
    expect(run.stderr).toContain('Nothing was touched.');
    const json = (await site.run([...now, '--json'])).json<{ error: { findings: { severity: string }[] } }>();
    expect(json.error.findings.filter(({ severity }) => severity === 'error')).toHaveLength(2);
    expect(await site.rotations()).toEqual([]);
  });

  test('4: failed, and everything is as it was', async () => {
    const site = await open();
    site.service.breakWithOtherKeys();
    const run = await site.run(now);
    expect(run.exitCode).toBe(4);
    expect(run.stdout).toContain('Rolled back: service shop, check ping failed its check: status 500');
    expect(run.stdout).toContain('old key   live');
    expect(run.stdout).toContain('new key   deleted');
    expect(run.stdout).toContain('keyturn plan shop-key');
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
  });

  test('5: needs a person, and rollback finishes once the service is repaired', async () => {
    const site = await open();
    const held = site.service.hold();
    const running = site.start(now);
    await held.arrived;
    site.service.breakWholly();
    held.release();
    const run = await running.ended;
    expect(run.exitCode).toBe(5);
    const id = await onlyRotation(site);
    expect(run.stdout).toContain('could not be taken back completely: guard:shop');
    expect(run.stdout).toContain(`keyturn rollback ${id}`);
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
    const shown = await site.run(['rotations', 'show', id]);
    expect(shown.stdout).toContain('rollback incomplete');
    expect(shown.stdout).toContain('guard:shop not-compensated');

    site.service.repair();
    const again = await site.run(['rollback', id, '--progress', 'none']);
    expect(again.exitCode).toBe(4);
    expect((await site.run(['rotations', 'show', id])).stdout).toContain('rolled-back');
  });

  test('6: paused at the gate; 0 after approve', async () => {
    const site = await open();
    const run = await site.run(ask);
    expect(run.exitCode).toBe(6);
    const id = await onlyRotation(site);
    expect(run.stdout).toContain(`keyturn approve ${id}`);
    expect((await site.run(['rotations', 'show', id])).stdout).toContain('at the gate');
    expect((await site.run(['resume', id, '--progress', 'none'])).exitCode).toBe(6);
    expect((await site.run(['approve', id, '--progress', 'none'])).exitCode).toBe(0);
    expect((await site.run(['approve', id])).exitCode).toBe(0);
    const late = await site.run(['rollback', id]);
    expect(late.exitCode).toBe(3);
    expect(late.stderr).toContain('it has ended');
  });

  test('7: another process drives the rotation of this key, and is named', async () => {
    const site = await open();
    const held = site.service.hold();
    const first = site.start(now);
    await held.arrived;
    const id = await onlyRotation(site);
    const second = await site.run(now);
    expect(second.exitCode).toBe(7);
    expect(second.stderr).toMatch(new RegExp(`rotation ${id} is being driven by process \\d+ on `));
    expect(second.stderr).toContain(`keyturn rotations show ${id}`);
    held.release();
    expect((await first.ended).exitCode).toBe(0);
    expect(await site.rotations()).toEqual([id]);
  });

  test('7: a rotation of this key is open, and the commands that end it are named', async () => {
    const site = await open();
    await site.run(ask);
    const id = await onlyRotation(site);
    const second = await site.run(now);
    expect(second.exitCode).toBe(7);
    expect(second.stderr).toContain(`keyturn resume ${id}`);
    expect(second.stderr).toContain(`keyturn rollback ${id}`);
    expect((await site.run(['rollback', id, '--progress', 'none'])).exitCode).toBe(4);
    expect((await site.run(now)).exitCode).toBe(0);
  });

  test('8: the reviewed plan is out of date', async () => {
    const site = await open();
    expect((await site.run(['plan', 'shop-key', '--out', 'reviewed.json'])).exitCode).toBe(0);
    const other = '1'.repeat(64);
    await site.write('courier.env', `export API_KEY="${other}" # shared\n`);
    await site.write('shop.env', `PORT=80\nAPI_KEY=${other}\n`);
    const run = await site.run([...now, '--plan', 'reviewed.json']);
    expect(run.exitCode).toBe(8);
    expect(run.stderr).toContain('env-files/shop.env#API_KEY holds another value');
    expect(run.stderr).toContain('keyturn plan shop-key --out FILE');
    expect(await site.rotations()).toEqual([]);

    await site.write('courier.env', `export API_KEY="${site.oldKey}" # shared\n`);
    await site.write('shop.env', `PORT=80\nAPI_KEY=${site.oldKey}\n`);
    expect((await site.run([...ask, '--plan', 'reviewed.json'])).exitCode).toBe(6);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('130: %s during a step', async (signal) => {
    const site = await open();
    const held = site.service.hold();
    const running = site.start(['rotate', 'shop-key', '--yes', '--progress', 'plain']);
    await held.arrived;
    running.signal(signal);
    await running.waitFor('Stopping after the step in hand');
    held.release();
    const run = await running.ended;
    expect(run.exitCode).toBe(130);
    expect(run.stdout).toContain(`keyturn resume ${await onlyRotation(site)}`);
  });

  test('130: interrupted during preflight, nothing is begun', async () => {
    const site = await open();
    const held = site.service.holdAll();
    const running = site.start(['rotate', 'shop-key', '--yes', '--progress', 'plain']);
    await held.arrived;
    running.signal('SIGINT');
    await running.waitFor('Stopping after');
    held.release();
    const run = await running.ended;
    expect(run.exitCode).toBe(130);
    expect(run.stderr).toContain('Nothing was touched');
    expect(await site.rotations()).toEqual([]);

    const heldAgain = site.service.holdAll();
    const cancelled = site.start(['rotate', 'shop-key', '--yes', '--progress', 'plain']);
    await heldAgain.arrived;
    cancelled.signal('SIGINT');
    await cancelled.waitFor('Stopping after');
    cancelled.signal('SIGINT');
    const end = await cancelled.ended;
    heldAgain.release();
    expect(end.exitCode).toBe(130);
    expect(end.stderr).toContain('Nothing was begun by it.');
    expect(await site.rotations()).toEqual([]);
  });
});
