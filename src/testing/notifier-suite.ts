import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../core/errors/codes.ts';
import type { RotationError } from '../core/errors/rotation-error.ts';
import type { Fault, NotifierEmulator } from '../core/plugins/emulator.ts';
import { NOTICE_EVENTS, type Notice, type Notifier } from '../core/plugins/notifier.ts';
import type { NotifierPlugin } from '../core/plugins/plugin.ts';
import { describeSuite, probing } from './describe-suite.ts';
import { createLeakDetector, type LeakDetector } from './leaks.ts';
import { openOnEmulator } from './open-on-emulator.ts';
import { optionCases } from './option-cases.ts';
import { probeService } from './probe-service.ts';
import { refusalOf } from './refusal-of.ts';

const NOTICE: Notice = {
  event: 'needs-person',
  rotationId: 'r20310102-030405-abc123',
  key: 'postman-ci',
  at: '2031-01-02T03:04:05.000Z',
  message:
    'Stuck at push:vault-prod/secret/ci#api_key: the answer was lost <after> the write & "before" the read',
  live: ['old key: live (fp:0123456789ab)', 'targets: 3 of 4 hold the new key'],
  next: ['keyturn resume r20310102-030405-abc123', 'keyturn rollback r20310102-030405-abc123'],
};

interface Answer {
  readonly fault: Fault;
  readonly codes: readonly ErrorCode[];
}

const ON_ANY_WIRE: readonly Answer[] = [
  { fault: { on: 'write', kind: 'cut' }, codes: ['INDETERMINATE', 'UNAVAILABLE'] },
  { fault: { on: 'write', kind: 'lost-answer' }, codes: ['INDETERMINATE', 'UNAVAILABLE'] },
  { fault: { on: 'write', kind: 'status', status: 401 }, codes: ['UNAUTHENTICATED'] },
  { fault: { on: 'write', kind: 'status', status: 500 }, codes: ['INDETERMINATE', 'UNAVAILABLE'] },
];

const ON_HTTP: readonly Answer[] = [
  { fault: { on: 'write', kind: 'redirect' }, codes: ['UNAVAILABLE'] },
  { fault: { on: 'write', kind: 'status', status: 403 }, codes: ['PERMISSION_DENIED'] },
  { fault: { on: 'write', kind: 'status', status: 404 }, codes: ['NOT_FOUND'] },
  { fault: { on: 'write', kind: 'status', status: 429, retryAfter: 7 }, codes: ['RATE_LIMITED'] },
  { fault: { on: 'write', kind: 'html' }, codes: ['INDETERMINATE', 'UNAVAILABLE'] },
];

const BEYOND_HTTP: readonly Answer[] = [
  { fault: { on: 'write', kind: 'status', status: 403 }, codes: ['PERMISSION_DENIED', 'REFUSED'] },
  { fault: { on: 'write', kind: 'status', status: 429 }, codes: ['RATE_LIMITED', 'UNAVAILABLE'] },
];

/** Every promise of the contract, asked of a notifier at its emulator. */
export async function notifierSuite(id: string, load: () => Promise<NotifierPlugin>): Promise<void> {
  const probed = await probing(() => probeService(load));
  describeSuite(id, probed, ({ plugin, wire, protocol }) => {
    let emulator: NotifierEmulator;
    let leaks: LeakDetector;
    let notifier: Notifier;

    beforeEach(async () => {
      leaks = createLeakDetector();
      emulator = await (await plugin.emulator())();
      notifier = await openOnEmulator(plugin, emulator, { leaks });
    });
    afterEach(async () => {
      await notifier.close?.();
      await emulator.stop();
    });

    const notify = (notice = NOTICE, signal = new AbortController().signal): Promise<void> =>
      notifier.notify(notice, { signal });
    const refusal = (signal?: AbortSignal): Promise<RotationError> =>
      refusalOf(notify(NOTICE, signal), leaks);

    describe('options', () => optionCases(plugin, () => emulator));

    it('tells what happened, to which rotation, and what to run', async () => {
      await notify();
      expect(emulator.effects()).toBe(1);
      const [told = ''] = emulator.received();
      for (const word of ['postman-ci', NOTICE.rotationId, 'Stuck at push:vault-prod', ...NOTICE.next])
        expect(told).toContain(word);
      leaks.expectClean(told);
    });

    it.each(NOTICE_EVENTS)('has words for %s', async (event) => {
      await notify({ ...NOTICE, event });
      expect(emulator.received()).toHaveLength(1);
    });

    it('tells a message that is far too long, cut', async () => {
      await notify({ ...NOTICE, message: 'Stuck '.repeat(20_000) });
      expect(emulator.received()[0]).toContain('Stuck Stuck');
    });

    it('does nothing when it has been asked to stop', async () => {
      expect((await refusal(AbortSignal.abort())).code).toBe('ABORTED');
      expect(emulator.effects()).toBe(0);
    });

    it('says so when nobody is there', async () => {
      await emulator.stop();
      await refusal();
      emulator = await (await plugin.emulator())();
    });

    if (!wire) return;

    it.each([...ON_ANY_WIRE, ...(protocol === undefined ? ON_HTTP : BEYOND_HTTP)])(
      'meets $fault.kind $fault.status with $codes',
      async ({ fault, codes }) => {
        void emulator.inject?.(fault);
        const error = await refusal();
        expect(codes, error.message).toContain(error.code);
      },
    );
  });
}
