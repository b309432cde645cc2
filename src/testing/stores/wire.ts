import { expect, it } from 'vitest';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import { type WireAnswers, wireAnswers } from '../answers.ts';
import type { StoreTraits } from './probe.ts';
import { openRig, revealed, type StoreRig } from './rig.ts';

/** Long enough for a busy machine to answer, short enough to wait for. */
const SHORT_TIMEOUT_MS = 750;
/** The same for a program, which has to start first. */
const SHORT_RUN_MS = 3_000;

/** What happens when the network or the other side breaks. Only for stores that have a wire. */
export function wireCases({ plugin, protocol }: StoreTraits, rig: () => StoreRig): void {
  const answers = wireAnswers(protocol);
  readCases(answers, rig);
  writeCases(answers, plugin.capabilities.readable, rig);
  if (protocol !== 'files') webPageCases(rig);
  if (protocol === undefined) httpCases(rig);
  else slowDownCases(rig);

  it('works again once the wire does', async () => {
    const { store, emulator, call, seeded, push, values, breakWire, refusal } = rig();
    const place = await seeded();
    breakWire({ kind: 'status', status: 500, on: 'any', times: 1 });
    await refusal(store.read(place.slot, call), 'UNAVAILABLE');
    breakWire({ kind: 'status', status: 403, on: 'write', times: 1 });
    await refusal(push(place), 'PERMISSION_DENIED', 'UNAUTHENTICATED');
    const next = values(place.slot);
    await push({ ...place, before: await store.read(place.slot, call) }, next);
    expect(await emulator.peek(place.slot)).toEqual(next);
    expect(await emulator.neighbours(place.slot)).toBe(place.neighbours);
  });

  it('gives up a silent answer after its time', async () => {
    const quick = await openRig(plugin, protocol === 'program' ? SHORT_RUN_MS : SHORT_TIMEOUT_MS);
    try {
      const place = await quick.seeded();
      quick.breakWire({ kind: 'silence', on: 'write' });
      await quick.refusal(quick.push(place), 'INDETERMINATE');
      quick.breakWire({ kind: 'silence', on: 'read' });
      await quick.refusal(quick.store.read(place.slot, quick.call), 'TIMEOUT');
    } finally {
      await quick.close();
    }
  });
}

function readCases({ onRead }: WireAnswers, rig: () => StoreRig): void {
  it.each(onRead)('a read answered with $status is $codes.0', async ({ status, codes }) => {
    const { store, call, seeded, breakWire, refusal } = rig();
    const { slot } = await seeded();
    breakWire({ kind: 'status', status, on: 'read' });
    await refusal(store.read(slot, call), ...codes);
  });

  it('a read answered with 404 is a missing slot', async () => {
    const { store, call, seeded, breakWire } = rig();
    const { slot } = await seeded();
    breakWire({ kind: 'status', status: 404, on: 'read' });
    const found = await store.read(slot, call).catch((error: unknown) => {
      if (isRotationError(error, 'NOT_FOUND')) return undefined;
      throw error;
    });
    expect(found).toBeUndefined();
  });

  it('a read cut off is UNAVAILABLE', async () => {
    const { store, call, seeded, breakWire, refusal } = rig();
    const { slot } = await seeded();
    breakWire({ kind: 'cut', on: 'read' });
    await refusal(store.read(slot, call), 'UNAVAILABLE');
  });

  it('stops waiting for an answer when it is asked to', async () => {
    const { store, seeded, breakWire, refusal } = rig();
    const { slot } = await seeded();
    const struck = breakWire({ kind: 'silence', on: 'read' });
    const stop = new AbortController();
    const attempt = store.read(slot, { signal: stop.signal });
    void struck.then(() => stop.abort());
    await refusal(attempt, 'ABORTED');
  });
}

function writeCases({ onWrite, onCutWrite }: WireAnswers, readable: boolean, rig: () => StoreRig): void {
  it.each(onWrite)(
    'a write answered with $status is $codes.0, and the old value stays',
    async ({ status, codes }) => {
      const { emulator, seeded, push, breakWire, refusal } = rig();
      const place = await seeded();
      const effects = emulator.effects();
      breakWire({ kind: 'status', status, on: 'write' });
      await refusal(push(place), ...codes);
      expect(await emulator.peek(place.slot)).toEqual(place.old);
      expect(emulator.effects()).toBe(effects);
    },
  );

  it(`a write cut off is ${onCutWrite.join(' or ')}`, async () => {
    const { seeded, push, breakWire, refusal } = rig();
    const place = await seeded();
    breakWire({ kind: 'cut', on: 'write' });
    await refusal(push(place), ...onCutWrite);
  });

  it('a write whose answer is lost is INDETERMINATE, and a look shows that it was done', async () => {
    const { store, emulator, call, seeded, push, values, breakWire, refusal } = rig();
    const place = await seeded();
    const next = values(place.slot);
    breakWire({ kind: 'lost-answer', on: 'write', times: 1 });
    await refusal(push(place, next), 'INDETERMINATE');
    expect(await emulator.peek(place.slot)).toEqual(next);
    if (readable) expect(revealed((await store.read(place.slot, call))?.fields)).toEqual(next);
  });
}

function webPageCases(rig: () => StoreRig): void {
  it('a web page in place of an answer is not a value', async () => {
    const { store, call, seeded, breakWire, refusal } = rig();
    const { slot } = await seeded();
    breakWire({ kind: 'html', on: 'read' });
    await refusal(store.read(slot, call), 'UNAVAILABLE');
  });

  it('a write answered with a web page proves nothing', async () => {
    const { seeded, push, breakWire, refusal } = rig();
    const place = await seeded();
    breakWire({ kind: 'html', on: 'write' });
    await refusal(push(place), 'INDETERMINATE');
  });
}

function httpCases(rig: () => StoreRig): void {
  it('a read told to slow down says for how long', async () => {
    const { store, call, seeded, breakWire, refusal } = rig();
    const { slot } = await seeded();
    breakWire({ kind: 'status', status: 429, retryAfter: 7, on: 'read' });
    expect((await refusal(store.read(slot, call), 'RATE_LIMITED')).context.retryAfter).toBe(7);
  });

  it('a read does not follow a redirect', async () => {
    const { store, call, seeded, breakWire, refusal } = rig();
    const { slot } = await seeded();
    breakWire({ kind: 'redirect', on: 'read' });
    // A client that followed it would report the other address.
    expect((await refusal(store.read(slot, call), 'UNAVAILABLE')).message).toMatch(/redirect|302/i);
  });

  it('a write told to slow down says for how long', async () => {
    const { seeded, push, breakWire, refusal } = rig();
    const place = await seeded();
    breakWire({ kind: 'status', status: 429, retryAfter: 7, on: 'write' });
    expect((await refusal(push(place), 'RATE_LIMITED')).context.retryAfter).toBe(7);
  });

  it('a write does not follow a redirect', async () => {
    const { emulator, seeded, push, breakWire, refusal } = rig();
    const place = await seeded();
    breakWire({ kind: 'redirect', on: 'write' });
    expect((await refusal(push(place), 'UNAVAILABLE', 'INDETERMINATE')).message).toMatch(/redirect|302/i);
    expect(await emulator.peek(place.slot)).toEqual(place.old);
  });
}

/** What is no HTTP says that it is too much, and not for how long. */
function slowDownCases(rig: () => StoreRig): void {
  it('what is one too many may be asked again', async () => {
    const { store, emulator, call, seeded, push, breakWire, refusal } = rig();
    const place = await seeded();
    breakWire({ kind: 'status', status: 429, on: 'any' });
    await refusal(store.read(place.slot, call), 'UNAVAILABLE', 'RATE_LIMITED');
    await refusal(push(place), 'UNAVAILABLE', 'RATE_LIMITED');
    expect(await emulator.peek(place.slot)).toEqual(place.old);
  });
}
