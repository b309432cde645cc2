import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plugin } from '../../src/checks/command/index.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Verdict } from '../../src/core/plugins/check.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { createLeakDetector } from '../../src/testing/leaks.ts';
import { type OpenedCheck, openCheck, problemsOf, type Surroundings } from './support/open-check.ts';

const newKey = (): string => `k-${randomBytes(18).toString('base64url')}`;

describe('the command check', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'command-check-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const open = (options: JsonObject, surroundings: Surroundings = {}): Promise<OpenedCheck> =>
    openCheck(plugin, options, { baseDir: folder, ...surroundings });

  const sh = (script: string, options: JsonObject = {}, surroundings?: Surroundings): Promise<OpenedCheck> =>
    open({ command: ['sh', '-c', script], ...options }, surroundings);

  describe('hands the key over', () => {
    it('by variables, a part each', async () => {
      const check = await sh('test "$ID" = alice && test "$PW" = "$(printf \'a b"$x\')"', {
        env: { ID: 'username', PW: 'password' },
      });
      expect((await check.run({ username: 'alice', password: 'a b"$x' })).verdict).toBe('pass');
    });

    it('and cannot say anything of a key that lacks the part it takes', async () => {
      for (const options of [{ stdin: 'value' }, { env: { ID: 'value' } }, { env: { ID: 'constructor' } }]) {
        const { verdict, summary } = await (await sh('true', options)).run({ username: 'alice' });
        expect(verdict).toBe('inconclusive');
        expect(summary).toMatch(/^could not be run: the key has no part (value|constructor)$/);
      }
    });

    it('by standard input, bare or as JSON of all parts', async () => {
      const bare = await sh('test "$(cat)" = it-is-me', { stdin: 'value' });
      expect((await bare.run({ value: 'it-is-me' })).verdict).toBe('pass');
      const script =
        "const p = JSON.parse(require('fs').readFileSync(0)); process.exit(p.a === '1\\n' && p.b === '2' ? 0 : 1)";
      const json = await open({ command: [process.execPath, '-e', script], stdin: 'json' });
      expect((await json.run({ a: '1\n', b: '2' })).verdict).toBe('pass');
    });

    it.runIf(existsSync('/proc/self/cmdline'))('never by arguments, which everybody can read', async () => {
      const commandLines: string[] = [];
      const watcher = await startLoopbackServer({
        isWrite: () => false,
        handle: ({ path }) => {
          commandLines.push(readFileSync(`/proc${path}/cmdline`, 'utf8'));
          return { status: 200 };
        },
      });
      const script = 'fetch(process.argv[1] + "/" + process.pid).then((answer) => answer.text())';
      const check = await open({
        command: [process.execPath, '-e', script, watcher.url],
        env: { API_KEY: 'value' },
        stdin: 'json',
      });
      const value = newKey();
      expect((await check.run({ value })).verdict).toBe('pass');
      await watcher.stop();
      expect(commandLines).toEqual([expect.stringContaining('fetch(')]);
      expect(commandLines[0]).not.toContain(value);
    });

    it('not at all when it lacks the part', async () => {
      const check = await sh(`touch ${join(folder, 'ran')}`, { env: { API_KEY: 'value' } });
      expect(await check.run({ username: 'x' })).toMatchObject({
        verdict: 'inconclusive',
        summary: expect.stringContaining('no part value'),
      });
      expect(existsSync(join(folder, 'ran'))).toBe(false);
    });

    it('beside the name of the service, secrets of its own and variables that are passed on', async () => {
      process.env['KEYTURN_TEST_PASSED'] = 'passed';
      try {
        const script = 'test "$KEYTURN_SERVICE,$TOKEN,$KEYTURN_TEST_PASSED" = checkout,token-1,passed';
        const options = {
          envFrom: { TOKEN: 'env:TOKEN' },
          passEnv: ['KEYTURN_TEST_PASSED', 'NOT_SET_ANYWHERE'],
        };
        const check = await sh(script, options, { references: { 'env:TOKEN': 'token-1' } });
        expect((await check.run({ value: newKey() })).verdict).toBe('pass');
      } finally {
        delete process.env['KEYTURN_TEST_PASSED'];
      }
    });
  });

  describe('judges', () => {
    it.each([
      ['exit 0', undefined, 'pass'],
      ['exit 1', undefined, 'fail'],
      ['exit 75', undefined, 'inconclusive'],
      ['exit 75', [75], 'fail'],
      ['exit 125', undefined, 'fail'],
      ['exit 126', undefined, 'inconclusive'],
      ['exit 127', undefined, 'inconclusive'],
      ['no-such-program-here', undefined, 'inconclusive'],
      ['exit 255', undefined, 'inconclusive'],
      ['kill -9 $$', undefined, 'inconclusive'],
      ['exit 3', [3], 'fail'],
      ['exit 1', [3], 'inconclusive'],
      ['exit 200', [200], 'fail'],
    ] as [string, number[] | undefined, Verdict][])(
      '%s with failExit %j: %s',
      async (script, failExit, verdict) => {
        const check = await sh(script, failExit === undefined ? {} : { failExit });
        expect((await check.run({ value: newKey() })).verdict).toBe(verdict);
      },
    );

    it.each([{ command: ['no-such-program-here'] }, { command: ['true'], cwd: 'no/such/folder' }])(
      '%j, which cannot be started, as inconclusive',
      async (options) => {
        const check = await open(options);
        expect(await check.run({ value: newKey() })).toMatchObject({
          verdict: 'inconclusive',
          summary: expect.stringContaining('could not be run'),
        });
      },
    );

    it('a program that does not end in time as inconclusive', async () => {
      const check = await sh('exec sleep 300', {}, { timeoutMs: 100 });
      expect(await check.run({ value: newKey() })).toMatchObject({
        verdict: 'inconclusive',
        evidence: { timedOut: true },
      });
    });
  });

  it('runs in the folder of the config, or in one below', async () => {
    await mkdir(join(folder, 'checks'));
    await writeFile(join(folder, 'checks', 'here.sh'), 'exit 0');
    const [below, here] = [
      await open({ command: ['sh', 'here.sh'], cwd: 'checks' }),
      await sh('. checks/here.sh'),
    ];
    expect((await below.run({ value: newKey() })).verdict).toBe('pass');
    expect((await here.run({ value: newKey() })).verdict).toBe('pass');
  });

  it('shows what the program said last, without any secret it was given', async () => {
    const leaks = createLeakDetector();
    const [value, token] = [leaks.watch(newKey()), leaks.watch(newKey())];
    const options = { env: { API_KEY: 'value' }, envFrom: { TOKEN: 'env:TOKEN' } };
    const surroundings = { references: { 'env:TOKEN': token } };
    const script =
      'echo first; echo "401 for $API_KEY ($(printf %s "$API_KEY" | base64 -w0)) by $TOKEN" >&2; exit 1';
    const result = await (await sh(script, options, surroundings)).run({ value });
    leaks.expectClean(result);
    expect(result.summary).toMatch(
      /^exit code 1: 401 for \[redacted\] \(\[redacted\].{0,4}\) by \[redacted\]$/,
    );
  });

  it('stops when it is asked to', async () => {
    const stop = new AbortController();
    const watcher = await startLoopbackServer({
      isWrite: () => false,
      handle: () => {
        stop.abort();
        return new Promise(() => {});
      },
    });
    const check = await open({ command: [process.execPath, '-e', 'fetch(process.argv[1])', watcher.url] });
    await expect(check.run({ value: newKey() }, stop.signal)).rejects.toMatchObject({ code: 'ABORTED' });
    await watcher.stop();
  });

  it.each([
    ['a placeholder in its arguments', { command: ['check', '--key={{value}}'] }, /visible to every user/],
    ['no program', { command: [] }, /command/],
    ['a command line in one piece', { command: 'check --fast' }, /command/],
    ['variables that are no mapping', { command: ['x'], env: 7 }, /env: .*expected record/],
    ['a strange variable name', { command: ['x'], env: { 'A B': 'value' } }, /environment variable/],
    ['a literal secret', { command: ['x'], envFrom: { TOKEN: 'abc' } }, /reference/],
    ['one variable twice', { command: ['x'], env: { A: 'value' }, envFrom: { A: 'env:A' } }, /both/],
    ['failing by exit code 0', { command: ['x'], failExit: [0] }, /failExit/],
  ])('refuses %s', async (_, options, message) => {
    expect((await problemsOf(plugin, options)).join('\n')).toMatch(message);
  });
});
