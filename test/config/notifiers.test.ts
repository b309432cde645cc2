import { expect, test } from 'vitest';
import { inventoryFolder } from './support/inventory-folder.ts';

const inventory = (notifiers: string) =>
  inventoryFolder({ 'rotation.config.yaml': `version: 1\nnotifiers:\n${notifiers}` });

test('a notifier hears of everything but the beginning, unless it says what of', async () => {
  const folder = await inventory(
    `  on-call: { type: pager, number: '1' }\n  log: { type: pager, number: '2', on: [begun], timeout: 2s }\n`,
  );
  expect((await folder.load()).notifiers).toEqual({
    'on-call': {
      type: 'pager',
      timeoutMs: 15_000,
      on: ['paused', 'needs-person', 'rolled-back', 'done'],
      options: { number: '1' },
    },
    log: { type: 'pager', timeoutMs: 2000, on: ['begun'], options: { number: '2' } },
  });
});

test('what it cannot hear of, an unknown type and a missing option are mistakes with their place', async () => {
  const folder = await inventory(
    `  a: { type: pager, number: '1', on: [ended] }\n  b: { type: pagerr }\n  c: { type: pager, on: [] }\n`,
  );
  const problems = await folder.problems();
  expect(problems.map(({ line }) => line)).toEqual([3, 4, 5, 5]);
  expect(problems.map(({ message }) => message).join('\n')).toMatch(/pagerr/);
});
