import { expect, it } from 'vitest';
import type { ErrorCode } from '../../core/errors/codes.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import { type Answer, BROKEN_WRITE, ON_READ, REFUSALS } from '../answers.ts';
import type { IssuerTraits } from './probe.ts';
import { type IssuerRig, openRig } from './rig.ts';

const ON_WRITE: readonly Answer[] = [...REFUSALS, ...BROKEN_WRITE];

/** Where one logs in first, a key is refused before any write. */
const ON_WRITE_AFTER_LOGIN = ON_WRITE.filter(({ status }) => status !== 401);

/** Long enough for a busy machine to answer, short enough to wait for. */
const SHORT_TIMEOUT_MS = 750;
/** The same for a program, which has to start first. */
const SHORT_RUN_MS = 3_000;

/** What a create may meet in place of an answer, where it is more than a connection that is cut. */
const NO_ANSWERS: Readonly<Record<string, readonly ('html' | 'cut' | 'redirect')[]>> = {
  http: ['html', 'cut', 'redirect'],
  program: ['html', 'cut'],
};

/** What happens when the network or the other side breaks. Only for issuers that have a wire. */
export function wireCases(traits: IssuerTraits, rig: () => IssuerRig): void {
  const { capabilities } = traits.plugin;
  if (capabilities.identify || traits.lists) readCases(traits, rig);
  if (capabilities.create === 'api') createCases(traits, rig);
  if (capabilities.deactivate === 'api') {
    it('does not know whether a deactivation without an answer was done; doing it again settles it', async () => {
      const { issuer, old, comesTo, breakWire, refusal, call } = rig();
      breakWire({ kind: 'lost-answer', on: 'write', times: 1 });
      await refusal(issuer.deactivateKey?.({ id: old.id }, call) ?? Promise.resolve(), 'INDETERMINATE');
      await issuer.deactivateKey?.({ id: old.id }, call);
      expect(await comesTo('dead', old)).toBe(true);
    });
  }

  it('reports in preflight, or throws, that it is not let in', async () => {
    const { issuer, old, breakWire, leaks, call } = rig();
    breakWire({ kind: 'status', status: 403, on: 'any' });
    try {
      const findings = await issuer.preflight(old.credential, call);
      leaks.expectClean(findings);
      expect(findings.map((finding) => finding.severity)).toContain('error');
    } catch (error) {
      leaks.expectClean(error);
      if (!isRotationError(error)) throw error;
      expect(['PERMISSION_DENIED', 'UNAUTHENTICATED']).toContain(error.code);
    }
  });
}

/** The question every issuer with a wire can answer: who is this key, or which keys are there. */
function ask({ issuer, old }: IssuerRig, call: CallContext): Promise<unknown> {
  if (issuer.identify !== undefined) return issuer.identify(old.credential, call);
  return issuer.listKeys?.(call) ?? Promise.reject(new Error('it answers no question'));
}

function readCases({ plugin, protocol }: IssuerTraits, rig: () => IssuerRig): void {
  it.each(ON_READ)('a question answered with $status is $codes', async ({ status, codes }) => {
    const { breakWire, refusal, call } = rig();
    breakWire({ kind: 'status', status, on: 'read' });
    await refusal(ask(rig(), call), ...codes);
  });

  if (protocol === undefined || protocol === 'program') webPageCase(rig);
  if (protocol === undefined) httpReadCases(rig);
  else {
    it('a question that is one too many may be asked again', async () => {
      const { breakWire, refusal, call } = rig();
      breakWire({ kind: 'status', status: 429, on: 'read' });
      await refusal(ask(rig(), call), 'UNAVAILABLE', 'RATE_LIMITED');
    });
  }

  it('a question cut off is UNAVAILABLE', async () => {
    const { breakWire, refusal, call } = rig();
    breakWire({ kind: 'cut', on: 'read' });
    await refusal(ask(rig(), call), 'UNAVAILABLE');
  });

  it('stops waiting for an answer when it is asked to', async () => {
    const { breakWire, refusal } = rig();
    const struck = breakWire({ kind: 'silence', on: 'read' });
    const stop = new AbortController();
    const attempt = ask(rig(), { signal: stop.signal });
    void struck.then(() => stop.abort());
    await refusal(attempt, 'ABORTED');
  });

  it('gives up a silent answer after its time', async () => {
    const timeoutMs = protocol === 'program' ? SHORT_RUN_MS : SHORT_TIMEOUT_MS;
    const quick = await openRig(plugin, { timeoutMs });
    try {
      quick.breakWire({ kind: 'silence', on: 'read' });
      await quick.refusal(ask(quick, quick.call), 'TIMEOUT');
    } finally {
      await quick.close();
    }
  });
}

function webPageCase(rig: () => IssuerRig): void {
  it('a web page in place of an answer proves neither life nor death', async () => {
    const { breakWire, refusal, call } = rig();
    breakWire({ kind: 'html', on: 'read' });
    await refusal(ask(rig(), call), 'UNAVAILABLE');
  });
}

function httpReadCases(rig: () => IssuerRig): void {
  it('a question told to slow down says for how long', async () => {
    const { breakWire, refusal, call } = rig();
    breakWire({ kind: 'status', status: 429, retryAfter: 7, on: 'read' });
    expect((await refusal(ask(rig(), call), 'RATE_LIMITED')).context.retryAfter).toBe(7);
  });

  it('a question does not follow a redirect', async () => {
    const { breakWire, refusal, call } = rig();
    breakWire({ kind: 'redirect', on: 'read' });
    expect((await refusal(ask(rig(), call), 'UNAVAILABLE')).message).toMatch(/redirect|302/i);
  });
}

function createCases({ lists, protocol }: IssuerTraits, rig: () => IssuerRig): void {
  const http = protocol === undefined;
  it.each(http || protocol === 'program' ? ON_WRITE : ON_WRITE_AFTER_LOGIN)(
    'a create answered with $status is $codes, and made no key',
    async ({ status, codes }) => {
      const { issuer, emulator, label, breakWire, refusal, call } = rig();
      const keys = await emulator.keys();
      breakWire({ kind: 'status', status, on: 'write' });
      await refusal(issuer.createKey(label(), call), ...codes);
      expect(await emulator.keys()).toEqual(keys);
    },
  );

  it('a create that is one too many made no key, and is told to slow down', async () => {
    const { issuer, emulator, label, breakWire, refusal, call } = rig();
    const keys = await emulator.keys();
    const codes: ErrorCode[] = http ? ['RATE_LIMITED'] : ['RATE_LIMITED', 'UNAVAILABLE'];
    breakWire({ kind: 'status', status: 429, retryAfter: 7, on: 'write' });
    const { context } = await refusal(issuer.createKey(label(), call), ...codes);
    if (http) expect(context.retryAfter).toBe(7);
    expect(await emulator.keys()).toEqual(keys);
  });

  it.each(NO_ANSWERS[protocol ?? 'http'] ?? (['cut'] as const))(
    'a create that meets %s is never taken for a key',
    async (kind) => {
      const { issuer, emulator, label, breakWire, refusal, call } = rig();
      const keys = await emulator.keys();
      breakWire({ kind, on: 'write' });
      // Only a redirect proves that nothing was done.
      const codes: ErrorCode[] = kind === 'redirect' ? ['UNAVAILABLE', 'INDETERMINATE'] : ['INDETERMINATE'];
      await refusal(issuer.createKey(label(), call), ...codes);
      expect(await emulator.keys()).toEqual(keys);
    },
  );

  it('a create whose answer is lost is INDETERMINATE, was tried once, and leaves an orphan that can be found', async () => {
    const { issuer, emulator, label, breakWire, refusal, call } = rig();
    const before = new Set((await emulator.keys()).map((key) => key.id));
    const name = label();
    breakWire({ kind: 'lost-answer', on: 'write', times: 1 });
    await refusal(issuer.createKey(name, call), 'INDETERMINATE');
    const made = (await emulator.keys()).filter((key) => !before.has(key.id));
    expect(made).toHaveLength(1);
    if (!lists) return;
    const records = (await issuer.listKeys?.(call)) ?? [];
    const orphans = records.filter((record) => !before.has(record.id));
    expect(orphans.map((orphan) => orphan.id)).toEqual(made.map((key) => key.id));
    if (records.some((record) => record.label !== undefined)) expect(orphans[0]?.label).toContain(name);
  });
}
