import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { Issuer } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import { type CommandEmulator, startCommandEmulator } from '../../src/issuers/command/emulator.ts';
import { plugin } from '../../src/issuers/command/index.ts';
import { createLeakDetector } from '../../src/testing/leaks.ts';
import { CALL, openIssuer, refusal } from './open-issuer.ts';

let emulator: CommandEmulator;
beforeEach(async () => {
  emulator = await startCommandEmulator();
});
afterEach(() => emulator.stop());

const open = (options: JsonObject = {}, timeoutMs = 20_000): Promise<Issuer> =>
  openIssuer(plugin, { ...emulator.options(), ...options }, { resolve: emulator.resolve, timeoutMs });
const identify = async (issuer: Issuer, value: string): Promise<unknown> =>
  issuer.identify?.({ value: new Secret(value) }, CALL);

describe('secrets', () => {
  it('travel on standard input, never in arguments or the environment', async () => {
    const leaks = createLeakDetector();
    const issuer = await open();
    const issued = await issuer.createKey('label', CALL);
    leaks.watch(issued.credential['value']?.reveal() ?? '');
    leaks.watch(emulator.resolve('env:KEY_PROGRAM_TOKEN') ?? '');
    await issuer.identify?.(issued.credential, CALL);
    const runs = await emulator.runs();
    expect(runs.map((run) => run.question['action'])).toEqual(['create', 'identify']);
    leaks.expectClean(runs.map(({ argv, env }) => ({ argv, env })));
  });

  it('in what a program says are not repeated', async () => {
    const issuer = await open();
    const value = `value-${Date.now()}-of-a-key`;
    await emulator.trouble('identify', { before: true, exit: 1, words: `cannot log in with ${value}` });
    const error = await refusal(identify(issuer, value), 'UNAVAILABLE');
    expect(error.message).toContain('cannot log in with [redacted]');
  });

  it('that a program prints while it breaks are not repeated either', async () => {
    const issuer = await open();
    await emulator.trouble('create', { before: false, exit: 1, echo: true });
    const error = await refusal(issuer.createKey('label', CALL), 'INDETERMINATE');
    const made = (await issuer.listKeys?.(CALL))?.[0]?.id ?? 'none';
    expect(error.message).not.toContain(made);
  });
});

describe('exit codes', () => {
  it.each([
    [10, 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
    [11, 'NOT_FOUND', 'NOT_FOUND'],
    [12, 'LIMIT_REACHED', 'LIMIT_REACHED'],
    [13, 'PERMISSION_DENIED', 'PERMISSION_DENIED'],
    [1, 'UNAVAILABLE', 'INDETERMINATE'],
    [127, 'UNAVAILABLE', 'INDETERMINATE'],
  ] as const)('%i is %s for a question and %s for a create', async (exit, question, create) => {
    const issuer = await open();
    await emulator.trouble('list', { before: true, exit });
    await emulator.trouble('create', { before: true, exit });
    await refusal(issuer.listKeys?.(CALL) ?? Promise.resolve(), question);
    await refusal(issuer.createKey('label', CALL), create);
    expect(await emulator.keys()).toEqual([]);
  });
});

describe('an answer that is lost', () => {
  it('after a create leaves an orphan that its label finds', async () => {
    const issuer = await open();
    await emulator.issue();
    await emulator.trouble('create', { before: false, exit: 1 });
    await refusal(issuer.createKey('rotation-7f3a', CALL), 'INDETERMINATE');
    const labelled = (await issuer.listKeys?.(CALL))?.filter((key) => key.label === 'rotation-7f3a');
    expect(labelled).toHaveLength(1);
  });

  it.each([
    ['not JSON', 'done'],
    ['not an object', '[]'],
    ['without the part', '{"parts":{}}'],
  ])('is one that is %s', async (_what, print) => {
    const issuer = await open();
    await emulator.trouble('create', { before: true, exit: 0, print });
    await refusal(issuer.createKey('label', CALL), 'INDETERMINATE');
    await emulator.trouble('list', { before: true, exit: 0, print });
    await refusal(issuer.listKeys?.(CALL) ?? Promise.resolve(), 'UNAVAILABLE');
  });

  it('because of the time limit is a TIMEOUT for a question only', async () => {
    // Long enough for a busy machine to start the program once, short enough to wait for.
    const issuer = await open({}, 1_500);
    await emulator.trouble('list', { before: true, hang: true });
    await refusal(issuer.listKeys?.(CALL) ?? Promise.resolve(), 'TIMEOUT');
    await emulator.trouble('create', { before: true, hang: true });
    await refusal(issuer.createKey('label', CALL), 'INDETERMINATE');
  });

  it('because of an interruption is ABORTED for a question', async () => {
    const issuer = await open();
    await emulator.trouble('list', { before: true, hang: true });
    const stop = new AbortController();
    const attempt = issuer.listKeys?.({ signal: stop.signal }) ?? Promise.resolve();
    const aborted = refusal(attempt, 'ABORTED');
    await expect.poll(async () => (await emulator.runs()).length).toBe(1);
    stop.abort();
    await aborted;
  });
});

describe('the config', () => {
  const accepts = async (options: unknown): Promise<boolean> =>
    (await plugin.options()).safeParse(options).success;

  it('asks only for actions that are named', async () => {
    const issuer = await open({ actions: ['create', 'list'] });
    expect(issuer.listKeys).toBeDefined();
    const others = ['identify', 'deactivateKey', 'activateKey', 'deleteKey', 'lastUsed'] as const;
    expect(others.filter((name) => issuer[name] !== undefined)).toEqual([]);
  });

  it('needs create, an id for what is switched off, and references for secrets', async () => {
    const base = { command: ['./keys'], actions: ['create'] };
    expect(await accepts(base)).toBe(true);
    expect(await accepts({ ...base, actions: ['list'] })).toBe(false);
    expect(await accepts({ ...base, actions: ['create', 'delete'] })).toBe(false);
    expect(await accepts({ ...base, actions: ['create', 'delete'], keyId: { part: 'value' } })).toBe(true);
    expect(await accepts({ ...base, secrets: { token: 'literal' } })).toBe(false);
  });

  it('of a program that is not there is known to have had no effect', async () => {
    const issuer = await open({ command: ['./no-such-program'] });
    await refusal(issuer.createKey('label', CALL), 'UNAVAILABLE');
  });

  it('says in preflight that the quota is reached', async () => {
    const [old] = [await emulator.issue(), await emulator.issue()];
    const findings = await (await open({ maxKeys: 2 })).preflight(old.credential, CALL);
    expect(findings).toEqual([expect.objectContaining({ severity: 'error', code: 'LIMIT_REACHED' })]);
  });
});
