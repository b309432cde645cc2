import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { type SystemdEmulator, startSystemdEmulator } from '../../src/reloads/systemd/emulator.ts';
import { plugin } from '../../src/reloads/systemd/index.ts';
import { type OpenedReload, openReload } from './open-reload.ts';

let emulator: SystemdEmulator;
beforeEach(async () => {
  emulator = await startSystemdEmulator();
});
afterEach(() => emulator.stop());

const open = (options: JsonObject = {}): Promise<OpenedReload> =>
  openReload(plugin, emulator.options({ units: ['checkout.service'], interval: '2s', ...options }));

const commands = (): string[] => readFileSync(join(emulator.folder, 'argv'), 'utf8').trim().split('\n');

/** What the next looks see, one a line. */
const states = (...lines: string[]): void => writeFileSync(join(emulator.folder, 'states'), lines.join('\n'));

/** A systemctl that says this and fails. */
const failing = (exitCode: number, words: string): JsonObject => {
  const program = join(emulator.folder, 'failing.sh');
  writeFileSync(program, `#!/bin/sh\necho "${words}" >&2\nexit ${exitCode}\n`);
  chmodSync(program, 0o700);
  return { units: ['checkout.service'], program };
};

describe('a unit', () => {
  it('is restarted, and looked at until it has been active three times in a row', async () => {
    states('activating', 'active', 'activating', 'active', 'active', 'active');
    const reload = await open();
    expect(await reload.run()).toEqual({ units: ['checkout.service'], action: 'restart', looks: 6 });
    expect(commands().slice(0, 2)).toEqual([
      '--no-ask-password --no-pager restart checkout.service',
      '--no-ask-password --no-pager is-active checkout.service',
    ]);
    expect(reload.clock.sleeps).toEqual([2000, 2000, 2000, 2000, 2000]);
  });

  it('is reloaded where that is enough, and belongs to a user where the config says so', async () => {
    const reload = await open({ action: 'reload', user: true, confirmations: 1 });
    await reload.run();
    expect(commands()[0]).toBe('--user --no-ask-password --no-pager reload checkout.service');
  });

  it('that fails after its restart is told at once', async () => {
    states('active', 'failed');
    const reload = await open();
    await expect(reload.run()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining('checkout.service is failed'),
    });
    expect(reload.clock.sleeps).toHaveLength(1);
  });

  it('that never becomes active is given up', async () => {
    states(...Array.from({ length: 20 }, () => 'activating'));
    await expect((await open()).run()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining('within 20s: checkout.service is activating'),
    });
  });

  it('is one of several, all of which have to be active', async () => {
    states('active failed');
    const reload = await open({ units: ['web.service', 'worker@1.service'] });
    await expect(reload.run()).rejects.toMatchObject({
      message: expect.stringContaining('worker@1.service is failed'),
    });
    expect(commands()[0]).toMatch(/restart web.service worker@1.service$/);
  });

  it.each([
    [5, 'Failed to restart checkout.service: Unit checkout.service not found.', 'NOT_FOUND'],
    [1, 'Failed to restart checkout.service: Interactive authentication required.', 'PERMISSION_DENIED'],
    [1, 'sudo: a password is required', 'PERMISSION_DENIED'],
    [1, 'Job for checkout.service failed.', 'CHECK_FAILED'],
  ])('that cannot be restarted (%i, %s) is %s', async (exitCode, words, code) => {
    const { run } = await openReload(plugin, failing(exitCode, words));
    await expect(run()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it('whose restart does not end in time may have been restarted', async () => {
    const program = join(emulator.folder, 'slow.sh');
    writeFileSync(program, '#!/bin/sh\nexec sleep 60\n');
    chmodSync(program, 0o700);
    const { run } = await openReload(plugin, { units: ['a.service'], program }, { timeoutMs: 300 });
    await expect(run()).rejects.toMatchObject({ code: 'INDETERMINATE' });
  });

  it('that is not looked at to the end, since we were asked to stop, has not failed', async () => {
    const stop = new AbortController();
    const program = join(emulator.folder, 'asleep.sh');
    const pid = join(emulator.folder, 'pid');
    writeFileSync(program, `#!/bin/sh\ncase "$*" in *is-active*) echo $$ > ${pid}; exec sleep 60;; esac\n`);
    chmodSync(program, 0o700);
    const { run } = await openReload(plugin, { units: ['a.service'], program });
    const running = run(stop.signal);
    const interrupted = expect(running).rejects.toMatchObject({ code: 'ABORTED' });
    await expect.poll(() => existsSync(pid)).toBe(true);
    stop.abort();
    await interrupted;
  });

  it('is not restarted where there is no systemd', async () => {
    const { run } = await openReload(plugin, { units: ['a.service'], program: '/nowhere/systemctl' });
    await expect(run()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it.each(['--all', '-H host', '*.service', 'a b', ''])('is never called %j', async (unit) => {
    const schema = await plugin.options();
    expect(schema.safeParse({ units: [unit] }).success).toBe(false);
  });
});
