import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../core/errors/codes.ts';
import type { RotationError } from '../core/errors/rotation-error.ts';
import type { Fault, ReloadEmulator } from '../core/plugins/emulator.ts';
import type { ReloadPlugin } from '../core/plugins/plugin.ts';
import type { Reload } from '../core/plugins/reload.ts';
import { describeSuite, probing } from './describe-suite.ts';
import { createLeakDetector, type LeakDetector } from './leaks.ts';
import { openOnEmulator } from './open-on-emulator.ts';
import { optionCases } from './option-cases.ts';
import { probeService } from './probe-service.ts';
import { refusalOf } from './refusal-of.ts';

interface Answer {
  readonly fault: Fault;
  readonly codes: readonly ErrorCode[];
  readonly effects: number;
}

const ON_ANY_WIRE: readonly Answer[] = [
  { fault: { on: 'write', kind: 'cut' }, codes: ['INDETERMINATE'], effects: 0 },
  { fault: { on: 'write', kind: 'lost-answer' }, codes: ['INDETERMINATE'], effects: 1 },
];

const ON_HTTP: readonly Answer[] = [
  { fault: { on: 'write', kind: 'redirect' }, codes: ['UNAVAILABLE'], effects: 0 },
  { fault: { on: 'write', kind: 'status', status: 401 }, codes: ['UNAUTHENTICATED'], effects: 0 },
  { fault: { on: 'write', kind: 'status', status: 403 }, codes: ['PERMISSION_DENIED'], effects: 0 },
  { fault: { on: 'write', kind: 'status', status: 429, retryAfter: 7 }, codes: ['RATE_LIMITED'], effects: 0 },
  { fault: { on: 'write', kind: 'status', status: 500 }, codes: ['INDETERMINATE'], effects: 0 },
  {
    fault: { on: 'write', kind: 'status', status: 503 },
    codes: ['UNAVAILABLE', 'INDETERMINATE'],
    effects: 0,
  },
  { fault: { on: 'write', kind: 'html' }, codes: ['CHECK_FAILED', 'INDETERMINATE'], effects: 0 },
];

/** A program that ended by itself has said that it failed; few say why. */
const BEYOND_HTTP: readonly Answer[] = [
  {
    fault: { on: 'write', kind: 'status', status: 403 },
    codes: ['PERMISSION_DENIED', 'CHECK_FAILED'],
    effects: 0,
  },
  { fault: { on: 'write', kind: 'status', status: 404 }, codes: ['NOT_FOUND', 'CHECK_FAILED'], effects: 0 },
  { fault: { on: 'write', kind: 'status', status: 429 }, codes: ['CHECK_FAILED'], effects: 0 },
  { fault: { on: 'write', kind: 'status', status: 500 }, codes: ['CHECK_FAILED'], effects: 0 },
];

/** Every promise of the contract, asked of a reload at its emulator. */
export async function reloadSuite(id: string, load: () => Promise<ReloadPlugin>): Promise<void> {
  const probed = await probing(() => probeService(load));
  describeSuite(id, probed, ({ plugin, wire, protocol }) => {
    let emulator: ReloadEmulator;
    let leaks: LeakDetector;
    let reload: Reload;

    beforeEach(async () => {
      leaks = createLeakDetector();
      emulator = await (await plugin.emulator())();
      reload = await openOnEmulator(plugin, emulator, { leaks });
    });
    afterEach(() => emulator.stop());

    const run = (signal = new AbortController().signal): Promise<unknown> =>
      reload.run({ service: 'checkout' }, { signal });

    const refusal = (signal?: AbortSignal): Promise<RotationError> => refusalOf(run(signal), leaks);

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
      const adapted = await openOnEmulator(plugin, emulator, {
        leaks,
        options: emulator.options(emulator.options()),
      });
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

    it.each([...ON_ANY_WIRE, ...(protocol === undefined ? ON_HTTP : BEYOND_HTTP)])(
      'meets $fault.kind $fault.status with $codes, and works again afterwards',
      async ({ fault, codes, effects }) => {
        void emulator.inject?.(fault);
        const error = await refusal();
        expect(codes, error.message).toContain(error.code);
        expect(emulator.effects()).toBe(effects);
        await run();
        expect(emulator.effects()).toBe(effects + 1);
      },
    );

    it('does not know what was done where no answer comes until it is asked to stop', async () => {
      const stop = new AbortController();
      const struck = emulator.inject?.({ on: 'write', kind: 'silence' });
      const told = refusal(stop.signal);
      await struck;
      stop.abort();
      // No effect is lost: whoever reads ABORTED runs it again, as after INDETERMINATE.
      expect(['INDETERMINATE', 'ABORTED']).toContain((await told).code);
      expect(emulator.effects()).toBe(1);
    });
  });
}
