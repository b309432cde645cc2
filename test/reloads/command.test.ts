import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { plugin } from '../../src/reloads/command/index.ts';
import { createLeakDetector } from '../../src/testing/leaks.ts';
import { openReload } from './open-reload.ts';

describe('the command reload', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'command-reload-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const open = (
    options: JsonObject,
    surroundings: { timeoutMs?: number; references?: Record<string, string> } = {},
  ): ReturnType<typeof openReload> => openReload(plugin, options, { baseDir: folder, ...surroundings });

  const sh = (script: string, options: JsonObject = {}): ReturnType<typeof open> =>
    open({ command: ['sh', '-c', script], ...options });

  it('runs the program in the folder of the config, and keeps what it said last', async () => {
    const reload = await sh('echo "$KEYTURN_SERVICE" > reloaded; echo rolling; echo deployment restarted');
    expect(await reload.run()).toEqual({ program: 'sh', exitCode: 0, said: 'deployment restarted' });
    expect(readFileSync(join(folder, 'reloaded'), 'utf8')).toBe('check out\n');
  });

  it.each([
    ['exit 3', 'CHECK_FAILED', /exit code 3/],
    ['echo "no such unit" >&2; exit 4', 'CHECK_FAILED', /exit code 4: no such unit/],
    ['kill -9 $$', 'INDETERMINATE', /ended by a signal/],
  ])('%s is %s', async (script, code, message) => {
    await expect((await sh(script)).run()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('says that nothing was run when the program cannot be started', async () => {
    const reload = await open({ command: ['no-such-program-here'] });
    await expect(reload.run()).rejects.toMatchObject({ code: 'CONFIG_INVALID', retryable: false });
  });

  it('does not know what a program did that had to be ended', async () => {
    const reload = await open({ command: ['sleep', '300'] }, { timeoutMs: 100 });
    await expect(reload.run()).rejects.toMatchObject({ code: 'INDETERMINATE' });
    const stop = new AbortController();
    const watcher = await startLoopbackServer({
      isWrite: () => false,
      handle: () => {
        stop.abort();
        return new Promise(() => {});
      },
    });
    const other = await open({ command: [process.execPath, '-e', 'fetch(process.argv[1])', watcher.url] });
    await expect(other.run(stop.signal)).rejects.toMatchObject({ code: 'INDETERMINATE' });
    await watcher.stop();
  });

  it('shows no secret of its own', async () => {
    const leaks = createLeakDetector();
    const token = leaks.watch(randomBytes(16).toString('hex'));
    const surroundings = { references: { 'env:TOKEN': token } };
    const envFrom = { TOKEN: 'env:TOKEN' };
    const good = await open({ command: ['sh', '-c', 'echo "used $TOKEN"'], envFrom }, surroundings);
    expect(await good.run()).toMatchObject({ said: 'used [redacted]' });
    const bad = await open({ command: ['sh', '-c', 'echo "bad $TOKEN" >&2; exit 1'], envFrom }, surroundings);
    leaks.expectClean(await bad.run().catch((error: unknown) => error));
  });

  it.runIf(existsSync('/proc/self/cmdline'))('never shows a secret to who lists the processes', async () => {
    const commandLines: string[] = [];
    const watcher = await startLoopbackServer({
      isWrite: () => false,
      handle: ({ path }) => {
        commandLines.push(readFileSync(`/proc${path}/cmdline`, 'utf8'));
        return { status: 200 };
      },
    });
    const token = randomBytes(16).toString('hex');
    const script = 'fetch(process.argv[1] + "/" + process.pid).then((answer) => answer.text())';
    const options = {
      command: [process.execPath, '-e', script, watcher.url],
      envFrom: { TOKEN: 'env:TOKEN' },
    };
    await (await open(options, { references: { 'env:TOKEN': token } })).run();
    await watcher.stop();
    expect(commandLines).toEqual([expect.not.stringContaining(token)]);
  });
});
