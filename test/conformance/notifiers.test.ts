import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notifiers } from '../../src/catalog/notifiers.gen.ts';
import type { ErrorCode } from '../../src/core/errors/codes.ts';
import { isRotationError, type RotationError } from '../../src/core/errors/rotation-error.ts';
import type { Fault, NotifierEmulator } from '../../src/core/plugins/emulator.ts';
import { NOTICE_EVENTS, type Notice, type Notifier } from '../../src/core/plugins/notifier.ts';
import type { NotifierPlugin } from '../../src/core/plugins/plugin.ts';
import { createLeakDetector, type LeakDetector } from './support/leaks.ts';
import { folderCases, openContext, optionCases, probe } from './support/service-plugins.ts';

/** One suite for every notifier there is: nobody enrols, nobody can be forgotten. */
describe('notifier folders', () => folderCases('notifiers', notifiers));

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

for (const [id, load] of Object.entries(notifiers)) {
  const probed = await probe(load);

  describe(id, () => {
    if ('failure' in probed) {
      it('loads, and its emulator starts', () => {
        throw probed.failure;
      });
      return;
    }
    const { plugin, wire } = probed;
    let emulator: NotifierEmulator;
    let leaks: LeakDetector;
    let notifier: Notifier;

    beforeEach(async () => {
      leaks = createLeakDetector();
      emulator = await (await plugin.emulator())();
      notifier = await openNotifier(plugin, emulator, leaks);
    });
    afterEach(async () => {
      await notifier.close?.();
      await emulator.stop();
    });

    const notify = (notice = NOTICE, signal = new AbortController().signal): Promise<void> =>
      notifier.notify(notice, { signal });
    const refusal = async (signal?: AbortSignal): Promise<RotationError> => {
      const error = await notify(NOTICE, signal).then(
        () => expect.fail('it succeeded'),
        (thrown: unknown) => thrown,
      );
      leaks.expectClean(error);
      if (!isRotationError(error)) throw error;
      return error;
    };

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

    it.each([
      { fault: { on: 'write', kind: 'cut' }, codes: ['INDETERMINATE', 'UNAVAILABLE'] },
      { fault: { on: 'write', kind: 'redirect' }, codes: ['UNAVAILABLE'] },
      { fault: { on: 'write', kind: 'status', status: 401 }, codes: ['UNAUTHENTICATED'] },
      { fault: { on: 'write', kind: 'status', status: 403 }, codes: ['PERMISSION_DENIED'] },
      { fault: { on: 'write', kind: 'status', status: 404 }, codes: ['NOT_FOUND'] },
      { fault: { on: 'write', kind: 'status', status: 429, retryAfter: 7 }, codes: ['RATE_LIMITED'] },
      { fault: { on: 'write', kind: 'status', status: 500 }, codes: ['INDETERMINATE', 'UNAVAILABLE'] },
      { fault: { on: 'write', kind: 'html' }, codes: ['INDETERMINATE', 'UNAVAILABLE'] },
    ] as { fault: Fault; codes: ErrorCode[] }[])(
      'meets $fault.kind $fault.status with $codes',
      async ({ fault, codes }) => {
        void emulator.inject?.(fault);
        const error = await refusal();
        expect(codes, error.message).toContain(error.code);
      },
    );
  });
}

async function openNotifier(
  plugin: NotifierPlugin,
  emulator: NotifierEmulator,
  leaks: LeakDetector,
): Promise<Notifier> {
  const schema = await plugin.options();
  const open = await plugin.open();
  // The catalogue has forgotten the type of the options; the schema has just proved it.
  return open(schema.parse(emulator.options()) as never, openContext(emulator, leaks));
}
