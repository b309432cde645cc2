import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireFileLock } from '../../src/engine/file-storage/file-lock.ts';
import { processStart } from '../../src/engine/file-storage/process-identity.ts';
import type { Lock } from '../../src/engine/lock.ts';
import { type TemporaryState, temporaryState } from './support/temporary-state.ts';

let state: TemporaryState;
let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  state = await temporaryState();
  folder = join(state.path, 'locks', 'the-key');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await state.remove();
});

function acquire(rotationId: string, open: readonly string[] = []): Promise<Lock> {
  return acquireFileLock(folder, {
    key: 'the-key',
    rotationId,
    isOpen: async (id) => open.includes(id),
  });
}

/** A holder as another process would have left it. */
async function leave(fence: string, holder: Record<string, unknown>): Promise<void> {
  await mkdir(folder, { recursive: true });
  const full = {
    rotationId: 'r-left',
    host: hostname(),
    pid: process.pid,
    started: '',
    at: 'then',
    ...holder,
  };
  await writeFile(join(folder, fence), JSON.stringify(full));
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('a key that is being rotated', () => {
  test('is refused to everybody else, who is told who holds it', async () => {
    await acquire('r-first');
    await expect(acquire('r-second')).rejects.toMatchObject({
      code: 'LOCKED',
      exitCode: 7,
      message: expect.stringMatching(new RegExp(`r-first .*process ${process.pid} on ${hostname()}`)),
    });
  });

  test('is refused also to a second driver of the same rotation', async () => {
    await acquire('r-first', ['r-first']);
    await expect(acquire('r-first', ['r-first'])).rejects.toMatchObject({ code: 'LOCKED' });
  });

  test('does not stand in the way of another key', async () => {
    await acquire('r-first');
    const request = { key: 'other', rotationId: 'r-second', isOpen: async () => false };
    expect((await acquireFileLock(join(state.path, 'locks/other'), request)).fence).toBe(1);
  });
});

describe('a paused rotation', () => {
  test('keeps its key against another rotation, which is told how to carry the first one on', async () => {
    await (await acquire('r-first')).release();
    await expect(acquire('r-second', ['r-first'])).rejects.toMatchObject({
      code: 'LOCKED',
      hint: expect.stringContaining('keyturn resume r-first'),
    });
  });

  test('can be driven on by anybody, under a higher fence', async () => {
    const first = await acquire('r-first');
    await first.release();
    const second = await acquire('r-first', ['r-first']);
    expect(second.fence).toBeGreaterThan(first.fence);
  });

  test('that has ended frees the key', async () => {
    await (await acquire('r-first')).release();
    await expect(acquire('r-second', [])).resolves.toMatchObject({ fence: 2 });
  });
});

describe('a holder that is gone', () => {
  test('is succeeded at once when its process has died on this machine', async () => {
    await leave('000004', { pid: await deadPid() });
    expect((await acquire('r-left', ['r-left'])).fence).toBe(5);
  });

  test('is known to be gone though its pid is used again', async () => {
    const started = await processStart(process.pid);
    expect(started).not.toBe('');
    await leave('000004', { started: `${Number(started) - 1}` });
    expect((await acquire('r-left', ['r-left'])).fence).toBe(5);
  });

  test('still keeps the key for its open rotation', async () => {
    await leave('000004', { pid: await deadPid() });
    await expect(acquire('r-new', ['r-left'])).rejects.toMatchObject({ code: 'LOCKED' });
  });

  test('on another machine is waited for until its lease is over', async () => {
    await leave('000004', { host: 'elsewhere', pid: 1 });
    await expect(acquire('r-left', ['r-left'])).rejects.toThrow('on elsewhere');

    const twoMinutesAgo = Date.now() / 1000 - 120;
    await utimes(join(folder, '000004'), twoMinutesAgo, twoMinutesAgo);
    expect((await acquire('r-left', ['r-left'])).fence).toBe(5);
  });
});

describe('a holder that slept while another took over', () => {
  test('finds itself fenced off, and is told by whom', async () => {
    const sleeper = await acquire('r-first');
    await sleeper.assertHeld();
    await utimes(join(folder, '000001'), 1, 1);
    const next = await acquire('r-first', ['r-first']);

    await expect(sleeper.assertHeld()).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining(`process ${process.pid} on ${hostname()} has taken`),
    });
    await next.assertHeld();
  });

  test('cannot free the key of its successor by letting go', async () => {
    const sleeper = await acquire('r-first');
    await utimes(join(folder, '000001'), 1, 1);
    const next = await acquire('r-first', ['r-first']);
    await sleeper.release();

    await next.assertHeld();
    await expect(acquire('r-first', ['r-first'])).rejects.toMatchObject({ code: 'LOCKED' });
  });
});

describe('many who come at once', () => {
  test('one gets the lock, and a fence that is seen always names its holder', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `r-${index}`);
    const results = await Promise.allSettled(ids.map((id) => acquire(id, ids)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'LOCKED' });
    }
    expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/draft$/));
  });

  test('also when they are processes', async () => {
    const script = await bundledTaker();
    const takers = Array.from({ length: 4 }, (_, index) => startTaker(script, `r-${index}`));
    const lines = takers.map((child) => linesOf(child));
    for (const next of lines) expect(await next()).toBe('ready');
    for (const child of takers) child.stdin?.write('go\n');
    const answers = await Promise.all(lines.map((next) => next()));
    expect(answers.sort()).toEqual(['LOCKED', 'LOCKED', 'LOCKED', 'fence 1']);
  });
});

function startTaker(script: string, rotationId: string): ChildProcess {
  const child = spawn(process.execPath, [script, folder, rotationId], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

async function bundledTaker(): Promise<string> {
  const outfile = join(state.path, 'lock-taker.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'support/lock-taker.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return outfile;
}

/** Gives the child's lines one by one. */
function linesOf(child: ChildProcess): () => Promise<string> {
  const lines = (async function* () {
    let rest = '';
    for await (const chunk of child.stdout ?? []) {
      rest += String(chunk);
      for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n')) {
        yield rest.slice(0, end);
        rest = rest.slice(end + 1);
      }
    }
  })();
  return async () => (await lines.next()).value ?? 'ended';
}
