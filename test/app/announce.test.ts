import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rotate } from '../../src/app/rotate.ts';
import type { NotifierUse } from '../../src/config/rotation-config.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { NOTICE_EVENTS, type Notice, type NoticeEvent } from '../../src/core/plugins/notifier.ts';
import { defineNotifier } from '../../src/core/plugins/plugin.ts';
import { obedientDialog, REQUEST, startWorld, type TestWorld } from '../support/world.ts';
import { failChecks } from './support/fail-checks.ts';

let world: TestWorld;
let told: Notice[];
let closed: number;

beforeEach(async () => {
  told = [];
  closed = 0;
  world = await startWorld();
});
afterEach(() => world.stop());

type Failure = Error | 'silence' | 'never closes';

/** Keeps what it is told, or fails at it. */
const plugin = (failure?: Failure) =>
  defineNotifier({
    id: 'pager',
    title: 'Pager',
    summary: 'A pager.',
    options: async () => z.strictObject({}),
    open: async () => () => ({
      notify: async (notice) => {
        if (failure === 'silence') await new Promise(() => {});
        if (failure instanceof Error) throw failure;
        told.push(notice);
      },
      close: async () => {
        closed += 1;
        if (failure === 'never closes') await new Promise(() => {});
      },
    }),
    emulator: () => Promise.reject(new Error('not rehearsed')),
  });

async function rotated(
  on: readonly NoticeEvent[],
  { failure, policy = 'now' }: { failure?: Failure; policy?: 'now' | 'ask' } = {},
) {
  const notes: string[] = [];
  const use: NotifierUse = { type: 'pager', timeoutMs: 1000, on, options: {} };
  const base = world.runtime();
  const runtime = {
    ...base,
    config: { ...base.config, notifiers: { 'on-call': use } },
    catalog: { ...base.catalog, notifiers: { pager: async () => plugin(failure) } },
  };
  const request = { ...REQUEST, policy: { deactivate: policy } };
  const dialog = obedientDialog({ note: (text) => notes.push(text) });
  return { report: await rotate(runtime, request, dialog), notes };
}

describe('whoever wants to hear of a rotation', () => {
  it('is told when it begins and how it ends, with what is live, and never a value', async () => {
    const { report, notes } = await rotated(NOTICE_EVENTS);
    expect(told.map(({ event }) => event)).toEqual(['begun', 'done']);
    expect(told[1]).toMatchObject({ rotationId: report.rotationId, key: 'the-key', message: report.message });
    expect(told[1]?.live).toContainEqual(expect.stringMatching(/^old key: deleted/));
    expect(told[1]?.live).toContainEqual(expect.stringMatching(/^targets: \d+ of \d+ hold the new key$/));
    for (const secret of Object.values(world.oldKey.credential))
      if (secret.reveal() !== world.oldKey.id) expect(JSON.stringify(told)).not.toContain(secret.reveal());
    expect(notes).toEqual([]);
    expect(closed).toBe(2);
  });

  it('hears only of the events it names', async () => {
    await rotated(['rolled-back']);
    expect(told).toEqual([]);
  });

  it('is told of a gate that waits, with the commands to run', async () => {
    const { report } = await rotated(['paused'], { policy: 'ask' });
    expect(told).toMatchObject([{ event: 'paused', next: report.next }]);
  });

  it('is told that all was taken back', async () => {
    const failing = failChecks(world, 'check');
    const base = world.runtime(failing);
    const use: NotifierUse = { type: 'pager', timeoutMs: 1000, on: NOTICE_EVENTS, options: {} };
    const config = { ...base.config, notifiers: { 'on-call': use } };
    const catalog = { ...base.catalog, notifiers: { pager: async () => plugin() } };
    await rotate({ ...base, config, catalog }, REQUEST, obedientDialog());
    expect(told.map(({ event }) => event)).toEqual(['begun', 'rolled-back']);
  });

  it.each([
    [
      'an error of its own',
      new RotationError('UNAVAILABLE', { subject: 'pager', reason: 'the line is dead' }),
    ],
    ['a defect', new TypeError('the line is dead')],
  ])('does not fail a rotation with %s: that is noted', async (_what, failure) => {
    const { report, notes } = await rotated(['done'], { failure });
    expect(report).toMatchObject({ status: 'done', exitCode: 0 });
    expect(notes).toEqual([expect.stringMatching(/^Not told to on-call: .*the line is dead/)]);
  });

  it('does not hold a rotation up by never answering', async () => {
    const { report, notes } = await rotated(['done'], { failure: 'silence' });
    expect(report).toMatchObject({ status: 'done', exitCode: 0 });
    expect(notes).toEqual([expect.stringMatching(/^Not told to on-call: .*no answer within 1000 ms/)]);
  });

  it('does not hold a rotation up by never ending after it was told', async () => {
    const { report, notes } = await rotated(['done'], { failure: 'never closes' });
    expect(report).toMatchObject({ status: 'done', exitCode: 0 });
    expect([told.length, notes]).toEqual([1, []]);
  });
});
