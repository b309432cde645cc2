import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { RotationEvent } from '../../src/core/rotation/events.ts';
import { createFold } from '../../src/core/rotation/fold.ts';
import { Secret } from '../../src/core/secret.ts';
import type { SessionEvent } from '../../src/engine/session.ts';
import { createProgress, progressStyle } from '../../src/ui/progress/create-progress.ts';
import { drawTask } from '../../src/ui/progress/draw-task.ts';
import { plainProgress } from '../../src/ui/progress/plain-progress.ts';
import type { Progress } from '../../src/ui/progress/progress.ts';
import { taskProgress } from '../../src/ui/progress/task-progress.ts';
import { createScreen } from '../e2e/support/screen.ts';
import { planResult } from './support/plan-result.ts';

const ERROR = { code: 'CHECK_FAILED', message: 'status 500', hint: 'look' } as const;

/** Tells a progress of events as the engine does: each with the state after it. */
function teller(progress: Progress): (event: SessionEvent) => void {
  const fold = createFold();
  const { plan } = planResult();
  const many = { ...plan, targets: Array.from({ length: 1001 }, () => plan.targets[0]) };
  let seq = 1;
  const at = '2026-11-24T18:00:00.000Z';
  fold.apply({ type: 'rotation.started', rotationId: 'r1', key: 'k', plan: many as never, seq, at });
  return (event) => {
    seq += 1;
    if (event.type !== 'step.begun') fold.apply({ ...event, seq, at });
    progress.onEvent(event, fold.state());
  };
}

const begun = (step: string): SessionEvent => ({ type: 'step.begun', step });
const intended = (step: string): RotationEvent => ({ type: 'step.intended', step, prepared: null });
const done = (step: string): RotationEvent => ({ type: 'step.done', step, output: null });
const deferred = (step: string): RotationEvent => ({
  type: 'step.deferred',
  step,
  reason: 'a person is needed',
  instructions: [],
  next: '',
});

let restore = (): void => {};

afterEach(() => {
  restore();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** A terminal on both streams, and the screen stderr draws on. */
function terminal(): ReturnType<typeof createScreen> {
  const screen = createScreen(80);
  const stdout = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY');
  const stderr = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
  restore = () => {
    Object.defineProperty(process.stdout, 'isTTY', stdout ?? { value: undefined, configurable: true });
    Object.defineProperty(process.stderr, 'isTTY', stderr ?? { value: undefined, configurable: true });
  };
  Object.defineProperty(process.stdout, 'isTTY', { value: true, configurable: true });
  Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true });
  vi.spyOn(process.stderr, 'write').mockImplementation((piece) => {
    screen.write(String(piece).replaceAll(/\r?\n/g, '\r\n'));
    return true;
  });
  return screen;
}

describe('plain progress', () => {
  function plain(): { written: string[]; progress: Progress; tell: (event: SessionEvent) => void } {
    const written: string[] = [];
    const progress = plainProgress((text) => void written.push(text));
    return { written, progress, tell: teller(progress) };
  }

  test('is a line a group, and one for each 500 of many', async () => {
    const { written, progress, tell } = plain();
    for (let seen = 1; seen <= 1001; seen += 1) progress.onPreflight(seen, 1001);
    tell(intended('create-key'));
    tell(done('create-key'));
    for (let target = 1; target <= 1001; target += 1) tell(done(`push:env/${target}`));
    tell({ type: 'gate.opened', phase: 'gate' });
    await progress.settle();
    progress.note('Stopping');
    expect(written).toEqual([
      '  Preflight: 500 of 1001 targets looked at',
      '  Preflight: 1000 of 1001 targets looked at',
      '  Preflight: 1001 of 1001 targets looked at',
      '  Make the new key: done',
      '  Push the new key: 500 of 1001',
      '  Push the new key: 1000 of 1001',
      '  Push the new key: 1001 of 1001 done',
      'Stopping',
    ]);
  });

  test('calls nothing done that waits for a person, failed or was cut short', async () => {
    const { written, progress, tell } = plain();
    tell(intended('create-key'));
    tell(deferred('create-key'));
    await progress.settle();
    tell({ type: 'step.failed', step: 'check:shop/ping', error: ERROR });
    tell({ type: 'step.compensating', step: 'push:env/1' });
    tell({ type: 'step.not-compensated', step: 'push:env/1', error: ERROR });
    tell({ type: 'step.compensating', step: 'create-key' });
    await progress.settle();
    expect(written).toEqual([
      '  Make the new key: not finished',
      '  ! check:shop/ping: status 500',
      '  ! push:env/1: status 500',
      '  Take back: make the new key: not finished',
    ]);
  });
});

describe('a step that only looks', () => {
  test('is shown while it does', async () => {
    const screen = terminal();
    const progress = await createProgress('tasks', () => expect.unreachable());
    const tell = teller(progress);
    tell(begun('check:shop/ping'));
    await vi.waitFor(() => expect(screen.text()).toContain('› shop/ping'));
    expect(screen.text()).toContain('Check the services');
    await progress.settle();
  });

  test('and was cut short is not called done', async () => {
    const written: string[] = [];
    const progress = plainProgress((text) => void written.push(text));
    teller(progress)(begun('prove-dead'));
    await progress.settle();
    expect(written).toEqual(['  Prove the old key dead: not finished']);
  });
});

describe('progress as JSON', () => {
  test('is one object a line, without outputs and without the plan', async () => {
    const written: string[] = [];
    const progress = await createProgress('json', (text) => void written.push(text));
    const tell = teller(progress);
    progress.onPreflight(1, 2);
    tell(intended('create-key'));
    tell({ type: 'step.done', step: 'create-key', output: { parts: 'sealed' } });
    tell({ type: 'wait.over', phase: 'soak' });
    progress.onEvent({ type: 'rotation.started', rotationId: 'r1', key: 'k', plan: { a: 1 } }, {} as never);
    progress.note('Stopping');
    await progress.settle();
    expect(written.map((line) => JSON.parse(line))).toEqual([
      { type: 'preflight', done: 1, total: 2 },
      { type: 'step.intended', step: 'create-key' },
      { type: 'step.done', step: 'create-key' },
      { type: 'wait.over', phase: 'soak' },
      { type: 'rotation.started', rotationId: 'r1', key: 'k' },
      { type: 'note', text: 'Stopping' },
    ]);
  });

  test('none is none', async () => {
    const progress = await createProgress('none', () => expect.unreachable());
    progress.onPreflight(1, 1);
    teller(progress)(done('create-key'));
    progress.note('Stopping');
    await progress.settle();
  });
});

describe('drawn progress', () => {
  const marks = (screen: ReturnType<typeof createScreen>): string[] =>
    screen.lines().filter((line) => line !== '');

  test('a line a group: done, left to a person, failed with its reason', async () => {
    const screen = terminal();
    const progress = await createProgress('tasks', () => expect.unreachable());
    const tell = teller(progress);
    progress.onPreflight(1, 2);
    progress.onPreflight(2, 2);
    tell(done('capture-old-key'));
    tell(intended('create-key'));
    await progress.settle();
    expect(marks(screen)).toEqual(['✔ Preflight', '✔ Seal the old key', '↓ Make the new key']);
    tell(done('create-key'));
    tell(intended('push:env/1'));
    tell(done('push:env/1'));
    tell({ type: 'step.failed', step: 'check:shop/ping', error: ERROR });
    await progress.settle();
    expect(marks(screen).slice(3)).toEqual([
      '✔ Make the new key',
      '✔ Push the new key',
      '✖ Check the services',
      '  › status 500',
    ]);
  });

  test('a question is to be seen after many lines: the stream is its own again', async () => {
    const screen = terminal();
    const progress = taskProgress();
    const tell = teller(progress);
    for (const step of ['capture-old-key', 'create-key', 'guard:shop', 'push:a', 'reload:shop'])
      tell(done(step));
    await progress.settle();
    process.stderr.write('? Deactivate the old key now?');
    expect(screen.lines().at(-1)).toBe('? Deactivate the old key now?');
    expect(marks(screen)).toHaveLength(6);
  });

  test('says below the line that Ctrl-C was understood, and says it plainly where there is none', async () => {
    const screen = terminal();
    const progress = taskProgress();
    progress.note('Stopping after the step in hand');
    expect(screen.text()).toContain('Stopping after the step in hand\n');
    teller(progress)(intended('push:env/1'));
    progress.note('Stopping once more');
    await vi.waitFor(() => expect(screen.text()).toContain('› Stopping once more'));
    await progress.settle();
  });

  test('what was noted below a line outlives it, and the next line counts again', async () => {
    const screen = terminal();
    const progress = taskProgress();
    const tell = teller(progress);
    tell(intended('create-key'));
    progress.note('Not told to chat: no answer');
    progress.note('Not told to mail: no answer');
    tell(done('create-key'));
    tell(intended('push:env/1'));
    await vi.waitFor(() => expect(screen.text()).toContain('› 0/1001 env/1'));
    tell(done('push:env/1'));
    await progress.settle();
    expect(marks(screen)).toEqual([
      '✔ Make the new key',
      'Not told to chat: no answer',
      'Not told to mail: no answer',
      '✔ Push the new key',
    ]);
  });

  test('a note never shows a value, with a line in hand or without', async () => {
    const screen = terminal();
    const value = randomBytes(16).toString('hex');
    new Secret(value);
    const progress = taskProgress();
    progress.note(`Not told to chat: ${value}`);
    teller(progress)(intended('push:env/1'));
    progress.note(`Not told to mail: ${value}`);
    await progress.settle();
    expect(screen.text()).toContain('Not told to mail: ');
    expect(screen.text()).not.toContain(value);
  });

  test('what is shown before a line begins is shown when it does', async () => {
    const screen = terminal();
    const task = drawTask('Push', Promise.resolve());
    task.show('1/2 env/shop.env');
    await vi.waitFor(() => expect(screen.text()).toContain('› 1/2 env/shop.env'));
    task.complete();
    await task.run;
    expect(marks(screen)).toEqual(['✔ Push']);
  });

  test.each([
    ['auto', false, {}, 'tasks'],
    ['auto', true, {}, 'none'],
    ['auto', false, { TERM: 'dumb' }, 'plain'],
    ['auto', false, { CI: '1' }, 'plain'],
    ['tasks', false, { CI: '1' }, 'tasks'],
    ['json', true, {}, 'json'],
    ['plain', true, {}, 'plain'],
  ] as const)('%s (json: %s, %j) is %s', (asked, json, env, style) => {
    terminal();
    vi.stubEnv('CI', '');
    vi.stubEnv('TERM', 'xterm-256color');
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(progressStyle(asked, json)).toBe(style);
  });

  test('without a terminal on stdout there is nothing to draw on, even when asked', () => {
    terminal();
    Object.defineProperty(process.stdout, 'isTTY', { value: false, configurable: true });
    expect(progressStyle('tasks', false)).toBe('plain');
    expect(progressStyle('auto', false)).toBe('plain');
  });
});
