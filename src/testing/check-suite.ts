import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Check, CheckResult, Verdict } from '../core/plugins/check.ts';
import type { CheckEmulator } from '../core/plugins/emulator.ts';
import type { CheckPlugin } from '../core/plugins/plugin.ts';
import { Secret } from '../core/secret.ts';
import { describeSuite, probing } from './describe-suite.ts';
import { createLeakDetector, type LeakDetector } from './leaks.ts';
import { openOnEmulator } from './open-on-emulator.ts';
import { optionCases } from './option-cases.ts';
import { probeService } from './probe-service.ts';
import { plainValue } from './sample-values.ts';

const SHORT_TIMEOUT_MS = 100;
/** The same for a program, which has to start first. */
const SHORT_RUN_MS = 3_000;

interface Answer {
  readonly fault:
    | { readonly kind: 'status'; readonly status: number }
    | { readonly kind: 'cut' | 'lost-answer' | 'html' | 'redirect' };
  readonly verdict: Verdict;
}

const ON_ANY_WIRE: readonly Answer[] = [
  { fault: { kind: 'status', status: 429 }, verdict: 'inconclusive' },
  { fault: { kind: 'status', status: 500 }, verdict: 'fail' },
  { fault: { kind: 'cut' }, verdict: 'inconclusive' },
  { fault: { kind: 'lost-answer' }, verdict: 'inconclusive' },
];

/** A service that shows something else does not work. */
const ON_HTTP: readonly Answer[] = [
  { fault: { kind: 'html' }, verdict: 'fail' },
  { fault: { kind: 'redirect' }, verdict: 'fail' },
];

/** Every promise of the contract, asked of a check at its emulator. */
export async function checkSuite(id: string, load: () => Promise<CheckPlugin>): Promise<void> {
  const probed = await probing(() => probeService(load));
  describeSuite(id, probed, ({ plugin, wire, protocol }) => {
    let emulator: CheckEmulator;
    let leaks: LeakDetector;
    let check: Check;

    beforeEach(async () => {
      leaks = createLeakDetector();
      emulator = await (await plugin.emulator())();
      check = await openOnEmulator(plugin, emulator, { leaks });
    });
    afterEach(() => emulator.stop());

    const run = async (value: string, signal = new AbortController().signal): Promise<CheckResult> => {
      const credential = { value: new Secret(leaks.watch(value)) };
      const result = await check.run({ service: 'checkout', credential }, { signal });
      leaks.expectClean(result);
      return result;
    };

    describe('options', () => optionCases(plugin, () => emulator));

    it('passes with a key the service accepts', async () => {
      const key = plainValue();
      emulator.accept([key]);
      expect((await run(key)).verdict).toBe('pass');
    });

    it('fails with a key the service does not accept', async () => {
      emulator.accept([plainValue()]);
      expect((await run(plainValue())).verdict).toBe('fail');
    });

    it('asks anew each time: a key that was accepted can be refused, and the other way round', async () => {
      const [old, next] = [plainValue(), plainValue()];
      emulator.accept([old]);
      expect([(await run(old)).verdict, (await run(next)).verdict]).toEqual(['pass', 'fail']);
      emulator.accept([next]);
      expect([(await run(old)).verdict, (await run(next)).verdict]).toEqual(['fail', 'pass']);
    });

    it('keeps runs at the same time apart', async () => {
      const [good, bad] = [plainValue(), plainValue()];
      emulator.accept([good]);
      const verdicts = await Promise.all([good, bad, good, bad].map(async (key) => (await run(key)).verdict));
      expect(verdicts).toEqual(['pass', 'fail', 'pass', 'fail']);
    });

    it('never passes when the key lacks the part it needs', async () => {
      const value = plainValue();
      emulator.accept([value]);
      const credential = { another: new Secret(leaks.watch(value)) };
      const result = await check.run(
        { service: 'checkout', credential },
        { signal: new AbortController().signal },
      );
      leaks.expectClean(result);
      expect(result.verdict).toBe('inconclusive');
    });

    it('hands over awkward keys unharmed, or says that it cannot', async () => {
      const key = `é "q" 'q' $HOME %41 {{d}} \\n ${plainValue()}`;
      emulator.accept([key]);
      expect(['pass', 'inconclusive']).toContain((await run(key)).verdict);
    });

    it('says why in one line, with evidence that a receipt can hold', async () => {
      emulator.accept([]);
      const { summary, evidence } = await run(plainValue());
      expect(summary).toMatch(/^[^\n]+$/);
      expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
    });

    it('changes nothing, whatever the verdict', async () => {
      const key = plainValue();
      emulator.accept([key]);
      await run(key);
      await run(plainValue());
      expect(emulator.effects()).toBe(0);
    });

    it('stops when it has been asked to', async () => {
      await expect(run(plainValue(), AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
    });

    it('does not pass once the service is gone', async () => {
      const key = plainValue();
      emulator.accept([key]);
      await emulator.stop();
      expect((await run(key)).verdict).not.toBe('pass');
      // For afterEach.
      emulator = await (await plugin.emulator())();
    });

    it('opens on a check as a user writes it, adapted', async () => {
      const [own, key] = [emulator.options(), plainValue()];
      const adapted = await openOnEmulator(plugin, emulator, { leaks, options: emulator.options(own) });
      emulator.accept([leaks.watch(key)]);
      const subject = { service: 'checkout', credential: { value: new Secret(key) } };
      expect((await adapted.run(subject, { signal: new AbortController().signal })).verdict).toBe('pass');
    });

    if (!wire) return;

    it('meets a broken wire with the right doubt', async () => {
      const key = plainValue();
      emulator.accept([key]);
      for (const { fault, verdict } of [...ON_ANY_WIRE, ...(protocol === undefined ? ON_HTTP : [])]) {
        void emulator.inject?.({ on: 'any', ...fault });
        expect((await run(key)).verdict, JSON.stringify(fault)).toBe(verdict);
      }
      expect((await run(key)).verdict).toBe('pass');
    });

    it('is inconclusive when no answer comes in time', async () => {
      const timeoutMs = protocol === undefined ? SHORT_TIMEOUT_MS : SHORT_RUN_MS;
      check = await openOnEmulator(plugin, emulator, { leaks, timeoutMs });
      void emulator.inject?.({ on: 'any', kind: 'silence' });
      expect((await run(plainValue())).verdict).toBe('inconclusive');
    });
  });
}
