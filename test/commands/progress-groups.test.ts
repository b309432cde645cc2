import { afterEach, describe, expect, test, vi } from 'vitest';
import type { SessionEvent } from '../../src/engine/session.ts';
import { groupOf } from '../../src/ui/progress/progress-group.ts';
import { taskProgress } from '../../src/ui/progress/task-progress.ts';
import { stateAfter } from '../app/support/journalled.ts';

const check = { type: 'http', timeoutMs: 1, options: {}, name: 'a', key: undefined };
const service = { owner: null, wave: 'production', targets: [] };
const state = stateAfter([], {
  services: [
    { ...service, name: 'shop', reload: check, checks: [check, { ...check, name: 'b' }] },
    { ...service, name: 'idle', reload: null, checks: [] },
  ],
});
const done = (step: string): SessionEvent => ({ type: 'step.done', step, output: null });
const groupOfStep = (step: string) => groupOf(done(step), state);

afterEach(() => vi.restoreAllMocks());

describe('the line a step is counted in', () => {
  test.each([
    ['push:env/shop.env#KEY', 'Push the new key', 1],
    ['guard:shop', 'Guard the services', 2],
    ['reload:shop', 'Reload the services', 1],
    ['check:shop/a', 'Check the services', 2],
    ['watch-3:shop/a', 'Watch, round 3', 2],
    ['create-key', 'Make the new key', 0],
    ['delete-key', 'Delete the old key', 0],
    // A rotation that a later version has begun.
    ['notarize:shop', 'notarize', 0],
  ])('%s: %s, of %i', (step, title, total) => {
    expect(groupOfStep(step)).toEqual({ title, total });
  });

  test.each(['step.compensating', 'step.compensated'] as const)('of %s is that of the way back', (type) => {
    const event: SessionEvent = { type, step: 'push:env/shop.env#KEY' };
    expect(groupOf(event, state)?.title).toBe('Take back: push the new key');
  });

  test('is none for what is no step', async () => {
    const soak: SessionEvent = { type: 'wait.begun', phase: 'soak', from: 0, until: 1 };
    expect(groupOf(soak, state)).toBeUndefined();
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const progress = taskProgress();
    progress.onEvent(soak, state);
    await progress.settle();
    expect(write).not.toHaveBeenCalled();
  });
});
