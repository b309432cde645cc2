import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reloads } from '../../src/catalog/reloads.gen.ts';
import type { ErrorCode } from '../../src/core/errors/codes.ts';
import { isRotationError, type RotationError } from '../../src/core/errors/rotation-error.ts';
import type { Fault, ReloadEmulator } from '../../src/core/plugins/emulator.ts';
import type { ReloadPlugin } from '../../src/core/plugins/plugin.ts';
import type { Reload } from '../../src/core/plugins/reload.ts';
import { createLeakDetector, type LeakDetector } from './support/leaks.ts';
import { folderCases, openContext, optionCases, probe } from './support/service-plugins.ts';

/** One suite for every reload there is: nobody enrols, nobody can be forgotten. */
describe('reload folders', () => folderCases('reloads', reloads));

for (const [id, load] of Object.entries(reloads)) {
  const probed = await probe(load);

  describe(id, () => {
    if ('failure' in probed) {
      it('loads, and its emulator starts', () => {
        throw probed.failure;
      });
      return;
    }
    const { plugin, wire } = probed;
    let emulator: ReloadEmulator;
    let leaks: LeakDetector;
    let reload: Reload;

    beforeEach(async () => {
      leaks = createLeakDetector();
      emulator = await (await plugin.emulator())();
      reload = await openReload(plugin, emulator, leaks);
    });
    afterEach(() => emulator.stop());

    const run = (signal = new AbortController().signal): Promise<unknown> =>
      reload.run({ service: 'checkout' }, { signal });

    const refusal = async (signal?: AbortSignal): Promise<RotationError> => {
      const error = await run(signal).then(
        () => expect.fail('it succeeded'),
        (thrown: unknown) => thrown,
      );
      leaks.expectClean(error);
      if (!isRotationError(error)) throw error;
      return error;
    };

    describe('options', () => optionCases(plugin, () => emulator));

    it('reloads once, and gives evidence that a receipt can hold', async () => {
      const evidence = await run();
      expect(emulator.effects()).toBe(1);
      leaks.expectClean(evidence);
      expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
    });

    it('has no effect when it is only opened', () => {
      expect(emulator.effects()).toBe(0);
    });

    it('may run twice, and at the same time', async () => {
      await run();
      await Promise.all([run(), run()]);
      expect(emulator.effects()).toBe(3);
    });

    it('says so when the service does not reload, and works again afterwards', async () => {
      emulator.failNext();
      await refusal();
      expect(emulator.effects()).toBe(0);
      await run();
      expect(emulator.effects()).toBe(1);
    });

    it('does nothing when it has been asked to stop', async () => {
      expect((await refusal(AbortSignal.abort())).code).toBe('ABORTED');
      expect(emulator.effects()).toBe(0);
    });

    it('opens on a reload as a user writes it, adapted', async () => {
      const adapted = await openReload(plugin, emulator, leaks, emulator.options(emulator.options()));
      await adapted.run({ service: 'checkout' }, { signal: new AbortController().signal });
      expect(emulator.effects()).toBe(1);
    });

    it('does not succeed once the service is gone', async () => {
      await emulator.stop();
      await refusal();
      // For afterEach.
      emulator = await (await plugin.emulator())();
    });

    if (!wire) return;

    it.each([
      { fault: { on: 'write', kind: 'cut' }, codes: ['INDETERMINATE'], effects: 0 },
      { fault: { on: 'write', kind: 'lost-answer' }, codes: ['INDETERMINATE'], effects: 1 },
      { fault: { on: 'write', kind: 'redirect' }, codes: ['UNAVAILABLE'], effects: 0 },
      { fault: { on: 'write', kind: 'status', status: 401 }, codes: ['UNAUTHENTICATED'], effects: 0 },
      { fault: { on: 'write', kind: 'status', status: 403 }, codes: ['PERMISSION_DENIED'], effects: 0 },
      {
        fault: { on: 'write', kind: 'status', status: 429, retryAfter: 7 },
        codes: ['RATE_LIMITED'],
        effects: 0,
      },
      { fault: { on: 'write', kind: 'status', status: 500 }, codes: ['INDETERMINATE'], effects: 0 },
      {
        fault: { on: 'write', kind: 'status', status: 503 },
        codes: ['UNAVAILABLE', 'INDETERMINATE'],
        effects: 0,
      },
      { fault: { on: 'write', kind: 'html' }, codes: ['CHECK_FAILED', 'INDETERMINATE'], effects: 0 },
    ] as { fault: Fault; codes: ErrorCode[]; effects: number }[])(
      'meets $fault.kind $fault.status with $codes',
      async ({ fault, codes, effects }) => {
        emulator.inject?.(fault);
        const error = await refusal();
        expect(codes, error.message).toContain(error.code);
        expect(emulator.effects()).toBe(effects);
      },
    );
  });
}

async function openReload(
  plugin: ReloadPlugin,
  emulator: ReloadEmulator,
  leaks: LeakDetector,
  options = emulator.options(),
): Promise<Reload> {
  const schema = await plugin.options();
  const open = await plugin.open();
  // The catalogue has forgotten the type of the options; the schema has just proved it.
  return open(schema.parse(options) as never, openContext(emulator, leaks));
}
