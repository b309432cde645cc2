import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { lastLine } from '../../src/lib/process/last-line.ts';
import { type CommandOutcome, type CommandRun, runCommand } from '../../src/lib/process/run-command.ts';

const NODE = process.execPath;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-command-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (command: CommandRun['command'], more: Partial<CommandRun> = {}): Promise<CommandOutcome> =>
  runCommand({ command, cwd: folder, timeoutMs: 20_000, signal: new AbortController().signal, ...more });

const sh = (script: string, more?: Partial<CommandRun>): Promise<CommandOutcome> =>
  run(['sh', '-c', script], more);

describe('a program', () => {
  it('ends with its exit code and both outputs', async () => {
    expect(await sh('echo out; echo err >&2; exit 3')).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      truncated: false,
      timedOut: false,
      aborted: false,
    });
  });

  it('gets its arguments untouched by any shell', async () => {
    const { stdout } = await run(['printf', '%s|', '$HOME', 'a b', '`id`', ';']);
    expect(stdout).toBe('$HOME|a b|`id`|;|');
  });

  it('reads standard input to its end', async () => {
    expect((await run(['cat'], { stdin: 'é\nsecond' })).stdout).toBe('é\nsecond');
    expect((await run(['cat'])).stdout).toBe('');
  });

  it('may leave its standard input unread, however long', async () => {
    expect((await sh('exit 0', { stdin: 'x'.repeat(1_000_000) })).exitCode).toBe(0);
  });

  it('gets what it is given of the environment, and nothing of ours that could be a secret', async () => {
    process.env['KEYTURN_TEST_FOREIGN'] = 'foreign';
    try {
      const { stdout } = await run(['env'], { env: { GIVEN: 'yes' } });
      const names = stdout.split('\n').map((line) => line.split('=')[0]);
      expect(names).toEqual(expect.arrayContaining(['GIVEN', 'PATH']));
      expect(names).not.toContain('KEYTURN_TEST_FOREIGN');
    } finally {
      delete process.env['KEYTURN_TEST_FOREIGN'];
    }
  });

  it('cannot fill our memory', async () => {
    const outcome = await run([NODE, '-e', "process.stdout.write('x'.repeat(3 * 1024 * 1024))"]);
    expect(outcome).toMatchObject({ exitCode: 0, truncated: true });
    expect(outcome.stdout).toHaveLength(1024 * 1024);
  });

  it('tells a signal from an exit code', async () => {
    expect(await sh('kill -9 $$')).toMatchObject({ exitCode: null, timedOut: false, aborted: false });
  });

  it.each([
    ['is not there', ['no-such-program-here'], {}],
    ['is a folder', ['/'], {}],
    ['has no folder to run in', ['true'], { cwd: '/no/such/folder' }],
    ['has arguments beyond what the system takes', ['true', 'x'.repeat(8_000_000)], {}],
  ] as [string, [string, ...string[]], Partial<CommandRun>][])(
    'that %s is a start error, not a throw',
    async (_, command, more) => {
      const outcome = await run(command, more);
      expect(outcome).toMatchObject({ exitCode: null, startError: expect.stringMatching(/^.{1,200}$/) });
    },
  );

  it('with a NUL byte in its environment is a start error that does not repeat the value', async () => {
    const value = `${randomBytes(12).toString('hex')}\0tail`;
    const { startError } = await run(['true'], { env: { API_KEY: value } });
    expect(startError).toContain('API_KEY');
    expect(startError).not.toContain(value.slice(0, 24));
  });

  it('is not started once it is not wanted any more', async () => {
    const outcome = await sh('touch started', { signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ aborted: true, exitCode: null });
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });
});

describe('a program that will not end', () => {
  it('is ended at its time limit, with all it has started', async () => {
    const outcome = await sh('sleep 300 & echo $! > child; sleep 300', { timeoutMs: 200 });
    expect(outcome).toMatchObject({ timedOut: true, aborted: false, exitCode: null });
    await expect.poll(() => isGone(join(folder, 'child'))).toBe(true);
  });

  it('is ended when asked to, with all it has started', async () => {
    const stop = new AbortController();
    const server = await meetingPoint(() => stop.abort());
    const script = `sleep 300 & echo $! > other; exec "${NODE}" -e 'fetch(process.argv[1])' ${server.url}`;
    const outcome = await sh(script, { signal: stop.signal });
    expect(outcome).toMatchObject({ timedOut: false, aborted: true });
    await expect.poll(() => isGone(join(folder, 'other'))).toBe(true);
    await server.stop();
  });

  it('may clean up first', async () => {
    const stop = new AbortController();
    const server = await meetingPoint(() => stop.abort());
    const script =
      "process.on('SIGTERM', () => { console.log('tidy'); process.exit(0) }); setInterval(() => {}, 1000); fetch(process.argv[1])";
    const outcome = await run([NODE, '-e', script, server.url], { signal: stop.signal });
    expect(outcome).toMatchObject({ aborted: true, stdout: 'tidy\n' });
    await server.stop();
  });

  it('is ended by force when it does not want to', async () => {
    const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); fetch(process.argv[1])";
    const stop = new AbortController();
    const server = await meetingPoint(() => stop.abort());
    const outcome = await run([NODE, '-e', stubborn, server.url], { signal: stop.signal });
    expect(outcome).toMatchObject({ aborted: true, exitCode: null });
    await server.stop();
  });

  it('is left to itself when it is not ours to end, as what sudo has started', async () => {
    const stop = new AbortController();
    const server = await meetingPoint(() => stop.abort());
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    });
    try {
      const script = `echo $$ > foreign; exec "${NODE}" -e 'fetch(process.argv[1]); setInterval(() => {}, 1000)' ${server.url}`;
      const outcome = await sh(script, { signal: stop.signal });
      expect(outcome).toMatchObject({ aborted: true, exitCode: null });
    } finally {
      kill.mockRestore();
      process.kill(Number(await readFile(join(folder, 'foreign'), 'utf8')), 'SIGKILL');
      await server.stop();
    }
  });

  it('is over when it has ended: a request to stop comes too late for what it left behind', async () => {
    const stop = new AbortController();
    const server = await meetingPoint(() => stop.abort());
    const daemon = 'setInterval(() => process.ppid === +process.argv[2] || fetch(process.argv[1]), 5)';
    const outcome = await sh(`"${NODE}" -e '${daemon}' ${server.url} $$ & echo $! > late`, {
      signal: stop.signal,
    });
    expect(outcome).toMatchObject({ exitCode: 0, aborted: false });
    const pid = Number(await readFile(join(folder, 'late'), 'utf8'));
    expect(() => process.kill(pid, 'SIGKILL')).not.toThrow();
    await server.stop();
  });

  it('is not confused with a daemon that it leaves behind, which lives on', async () => {
    const outcome = await sh('sleep 300 & echo $! > daemon; echo started');
    expect(outcome).toMatchObject({ exitCode: 0, stdout: 'started\n', timedOut: false });
    const pid = Number(await readFile(join(folder, 'daemon'), 'utf8'));
    expect(() => process.kill(pid, 0)).not.toThrow();
    process.kill(pid, 'SIGKILL');
  });
});

describe.runIf(existsSync('/proc/self/cmdline'))('a secret handed to a program', () => {
  it('is seen by nobody who lists the processes of the machine', async () => {
    const secret = randomBytes(24).toString('hex');
    const seen: string[] = [];
    const server = await meetingPoint((pid) => seen.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8')));
    const script = "process.stdin.resume(); fetch(process.argv[1] + '/' + process.pid).then((r) => r.text())";
    const outcome = await run([NODE, '-e', script, server.url], { env: { API_KEY: secret }, stdin: secret });
    await server.stop();
    expect(outcome.exitCode).toBe(0);
    expect(seen).toEqual([expect.stringContaining('process.stdin.resume')]);
    expect(seen[0]).not.toContain(secret);
  });
});

describe('the last line', () => {
  const outcome = (more: Partial<CommandOutcome>): CommandOutcome => ({
    exitCode: 0,
    stdout: '',
    stderr: '',
    truncated: false,
    timedOut: false,
    aborted: false,
    ...more,
  });
  const secret = new Secret(`${randomBytes(8).toString('hex')}\n${randomBytes(8).toString('hex')}`);

  it('is the last that says something: of stderr after a failure, of stdout otherwise', () => {
    const both = { stdout: 'one\ntwo\n\n', stderr: 'warn\n' };
    expect(lastLine(outcome(both), [])).toBe('two');
    expect(lastLine(outcome({ ...both, exitCode: 1 }), [])).toBe('warn');
    expect(lastLine(outcome({ stdout: 'two\n', exitCode: 1 }), [])).toBe('two');
    expect(lastLine(outcome({}), [])).toBe('');
  });

  it('shows no secret, whole, encoded or line by line', () => {
    const forms = [
      secret.reveal(),
      encodeURIComponent(secret.reveal()),
      Buffer.from(secret.reveal()).toString('base64'),
      secret.reveal().split('\n')[1] ?? '',
    ];
    for (const form of forms) {
      const line = lastLine(outcome({ stdout: `key is ${form}` }), [secret]);
      for (const half of secret.reveal().split('\n')) expect(line).not.toContain(half);
      expect(line).toContain('[redacted]');
    }
  });

  it('shows no secret that its own cut would make unrecognisable', () => {
    const line = lastLine(outcome({ stdout: `${'x'.repeat(190)}${secret.reveal()}` }), [secret]);
    expect(line).not.toContain(secret.reveal().slice(0, 6));
    expect(lastLine(outcome({ stdout: secret.reveal().slice(0, 12), truncated: true }), [secret])).toBe('');
  });

  it('cannot play with the terminal', () => {
    expect(
      lastLine(outcome({ stdout: '\u001B[31mred\u001B[0m\u0007 \u0000x\u001B]0;title\u0007' }), []),
    ).toMatch(/^red {2,3}x/);
  });

  it('is cut to a sane length', () => {
    expect(lastLine(outcome({ stdout: 'x'.repeat(5000) }), []).length).toBeLessThan(250);
  });
});

describe('an end that was asked for', () => {
  it('finds nothing to end while a program that does not exist is being started', async () => {
    const stop = new AbortController();
    const outcome = run(['no-such-program-here'], { signal: stop.signal });
    stop.abort();
    expect(await outcome).toMatchObject({ exitCode: null, startError: expect.stringContaining('ENOENT') });
  });

  it('reaches the program itself where there are no process groups', async () => {
    const real = Object.getOwnPropertyDescriptor(process, 'platform') ?? {};
    Object.defineProperty(process, 'platform', { ...real, value: 'win32' });
    try {
      const outcome = await run([NODE, '-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 50 });
      expect(outcome).toMatchObject({ exitCode: null, timedOut: true });
    } finally {
      Object.defineProperty(process, 'platform', real);
    }
  });
});

/** A place where a program reports, so that nobody has to guess when it runs. It is answered after `met`. */
async function meetingPoint(met: (path: string) => void): Promise<{ url: string; stop(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    met((request.url ?? '/').slice(1));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Gone, or a zombie that only waits for somebody to take note. */
async function isGone(pidFile: string): Promise<boolean> {
  const pid = Number(await readFile(pidFile, 'utf8'));
  try {
    process.kill(pid, 0);
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}
