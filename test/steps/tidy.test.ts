import { expect, it } from 'vitest';
import type { FinishedPush } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { push } from '../../src/steps/push.ts';
import { tidy } from '../../src/steps/tidy.ts';
import { fakeStore, targetIn } from './support/fake-store.ts';
import { contextWith } from './support/step-context.ts';

const key = (name: string) => ({ id: new Secret(`${name} id`), secret: new Secret(`${name} secret`) });
const [OLD, NEW] = [key('old'), key('new')];

it.each([
  ['was answered', false],
  ['was lost and looked up', true],
])('tidying up knows what the push replaced, also when its answer %s', async (_how, lost) => {
  const store = fakeStore({ ID: OLD.id, SECRET: OLD.secret });
  const target = targetIn(store);
  const ctx = await contextWith(OLD, NEW);
  const step = push(target);
  const before = await step.prepare?.(ctx);
  if (before === undefined) throw new Error('a push looks first');
  const output = await step.run(before, ctx);
  const found = await step.reconcile?.(before, ctx);
  const looked = found?.state === 'applied' ? found.output : output;

  const told: FinishedPush[] = [];
  const done = {
    ...ctx,
    output: (id: string) => (id === step.id ? (lost ? looked : output) : ctx.output(id)),
  };
  const tidying = tidy(target, async (_slot, finished) => void told.push(finished));
  await tidying.run(null, done);

  expect(found?.state).toBe('applied');
  expect(told).toEqual([{ replaced: 'v1', receipt: { version: 'v2' } }]);
});

it('tidying up is behind every way back, and is done again after a crash', async () => {
  const tidying = tidy(targetIn(fakeStore({})), async () => {});
  expect(tidying.effect).toBe('irreversible');
  expect(tidying.compensate).toBeUndefined();
  expect(await tidying.reconcile?.(null, await contextWith(OLD, NEW))).toEqual({ state: 'absent' });
});
