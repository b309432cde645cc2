/**
 * What the progress display costs: the real listr2 renderer on a (pretended) terminal, fed the events of a push wave.
 * `npx tsx scripts/bench/progress.ts`. Linear means that a target costs the same however many there are.
 */
import type { RotationEvent } from '../../src/core/rotation/events.ts';
import type { RotationState } from '../../src/core/rotation/state.ts';
import { taskProgress } from '../../src/ui/progress/task-progress.ts';
import { type BenchResult, print } from './measure/result.ts';
import { shown, spreadOf } from './measure/statistics.ts';

const SIZES = [400, 4000, 40_000] as const;

export async function benchProgress(rounds: number): Promise<BenchResult[]> {
  const times = new Map<number, number[]>(SIZES.map((size) => [size, []]));
  await onTerminal(async () => {
    await drawWave(SIZES[0]);
    for (let round = 0; round < rounds; round += 1) {
      for (const [size, list] of times) list.push(((await drawWave(size)) * 1000) / size);
    }
  });
  const each = [...times].map(([size, list]) => [size, spreadOf(list)] as const);
  const ratio = (each.at(-1)?.[1].median ?? Number.NaN) / (each[0]?.[1].median ?? Number.NaN);
  return [
    ...each.map(([size, spread]) => ({
      what: `progress display, ${size} targets`,
      measured: `${shown(spread, 1)} µs a target`,
    })),
    {
      what: `a target among ${SIZES.at(-1)} / among ${SIZES[0]}`,
      measured: `${ratio.toFixed(2)}x`,
      target: 'linear: at most 1.5x',
      holds: ratio <= 1.5,
    },
  ];
}

async function drawWave(size: number): Promise<number> {
  const progress = taskProgress();
  const state = { plan: { targets: { length: size }, services: [] } } as unknown as RotationState;
  const begin = process.hrtime.bigint();
  for (let index = 0; index < size; index += 1) {
    const step = `push:vault/secret/apps/service-${index}#api_key`;
    const events: RotationEvent[] = [
      { type: 'step.intended', step, prepared: null },
      { type: 'step.done', step, output: null },
    ];
    for (const event of events) progress.onEvent(event, state);
    // The renderer draws between turns of the event loop, as it does while requests are under way.
    if (index % 64 === 63) await new Promise((resolve) => setImmediate(resolve));
  }
  await progress.settle();
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

/** Draws into nothing, on what looks like a terminal. */
async function onTerminal(work: () => Promise<void>): Promise<void> {
  const { stdout, stderr } = process;
  const before = [stdout, stderr].map(({ isTTY, write }) => ({ isTTY, write }));
  for (const stream of [stdout, stderr]) {
    stream.isTTY = true;
    stream.write = (_text: unknown, ...rest: unknown[]): boolean => {
      const done = rest.at(-1);
      if (typeof done === 'function') done();
      return true;
    };
  }
  try {
    await work();
  } finally {
    [stdout, stderr].forEach((stream, index) => {
      Object.assign(stream, before[index]);
    });
  }
}

if (process.argv[1] === import.meta.filename) print(await benchProgress(5));
