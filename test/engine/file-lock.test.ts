import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RotationError } from '../../src/core/errors/rotation-error.ts';
import { processStart } from '../../src/engine/file-storage/process-identity.ts';
import type { Lock } from '../../src/engine/lock.ts';
import { type EngineFolder, engineFolder } from './support/engine-folder.ts';

const KEY = 'the-key';
const LONG_AGO = 1_000_000_000;

function acquire(folder: EngineFolder, rotationId: string, open: readonly string[] = []): Promise<Lock> {
  const isOpen = async (id: string): Promise<boolean> => open.includes(id);
  return folder.storage.acquireLock({ key: KEY, rotationId, isOpen });
}

async function refusal(attempt: Promise<unknown>): Promise<RotationError> {
  return attempt.then(
    () => expect.unreachable('it was let through'),
    (error: RotationError) => error,
  );
}

function locksOf(folder: EngineFolder): string {
  return join(folder.state, 'locks', KEY);
}

/** The first holder, written by hand as another process would have left it. */
function leaveHolder(
  folder: EngineFolder,
  holder: { pid: number; started: string; host?: string; pids?: string },
): string {
  const path = join(locksOf(folder), '000001');
  mkdirSync(locksOf(folder), { recursive: true });
  const whole = { rotationId: 'r-left', host: hostname(), at: '2031-01-01T00:00:00.000Z', ...holder };
  writeFileSync(path, JSON.stringify(whole));
  return path;
}

async function ourselves(): Promise<{ pid: number; started: string }> {
  return { pid: process.pid, started: await processStart(process.pid) };
}

describe('a key that is being rotated', () => {
  it('is LOCKED to everybody else, by name of the holder, with exit code 7', async () => {
    const folder = engineFolder();
    await acquire(folder, 'r1');
    const error = await refusal(acquire(folder, 'r2'));
    expect(error).toMatchObject({ code: 'LOCKED', exitCode: 7 });
    expect(error.message).toContain(`rotation r1 is being driven by process ${process.pid} on ${hostname()}`);
    expect(error.hint).toContain('keyturn rotations show r1');
  });

  it('is LOCKED to a second driver of the same rotation', async () => {
    const folder = engineFolder();
    await acquire(folder, 'r1', ['r1']);
    expect(await refusal(acquire(folder, 'r1', ['r1']))).toMatchObject({ code: 'LOCKED' });
  });

  it('does not lock another key, whatever its name', async () => {
    const folder = engineFolder();
    const names = ['a', '..', '../a', 'a/b', '.', 'A%2Fb'];
    for (const key of names) {
      const lock = await folder.storage.acquireLock({ key, rotationId: 'r1', isOpen: async () => false });
      expect(lock.fence).toBe(1);
    }
    expect(readdirSync(join(folder.state, 'locks'))).toHaveLength(names.length);
    expect(readdirSync(folder.state).sort()).toEqual(['.gitignore', 'locks', 'rotations']);
  });

  it('has a lock that only its owner can read', async () => {
    const folder = engineFolder();
    await acquire(folder, 'r1');
    expect(statSync(locksOf(folder)).mode & 0o777).toBe(0o700);
    expect(statSync(join(locksOf(folder), '000001')).mode & 0o777).toBe(0o600);
  });
});

describe('a lock that was let go', () => {
  it('of a rotation that ended is free, and the fence rises with each holder', async () => {
    const folder = engineFolder();
    const fences: number[] = [];
    for (const id of ['r1', 'r2', 'r3', 'r4']) {
      const lock = await acquire(folder, id);
      fences.push(lock.fence);
      await lock.assertHeld();
      await lock.release();
    }
    expect(fences).toEqual([1, 2, 3, 4]);
  });

  it('keeps the key for an open rotation: against another one, not against itself', async () => {
    const folder = engineFolder();
    await (await acquire(folder, 'r1')).release();

    const error = await refusal(acquire(folder, 'r2', ['r1']));
    expect(error).toMatchObject({ code: 'LOCKED', exitCode: 7 });
    expect(error.message).toContain('rotation r1 has begun and not ended');
    expect(error.hint).toContain('keyturn resume r1');
    expect(error.hint).toContain('keyturn rollback r1');

    const again = await acquire(folder, 'r1', ['r1']);
    expect(again.fence).toBe(2);
    await again.release();
    expect((await acquire(folder, 'r2', [])).fence).toBe(3);
  });

  it('after a hundred thousand others is still the highest', async () => {
    const folder = engineFolder();
    const path = leaveHolder(folder, { pid: 1, started: '' });
    writeFileSync(join(locksOf(folder), '999999'), '{}');
    writeFileSync(join(locksOf(folder), '999999.released'), '');
    writeFileSync(`${path}.released`, '');
    const million = await acquire(folder, 'r1');
    expect(million.fence).toBe(1_000_000);
    await million.assertHeld();
  });
});

describe('a holder that was killed', () => {
  it('is taken over at once: a real process, a real SIGKILL', async () => {
    const folder = engineFolder();
    const child = await holdElsewhere(folder, 'r1');
    const error = await refusal(acquire(folder, 'r1'));
    expect(error.message).toContain(`process ${child.pid} on ${hostname()}`);

    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await acquire(folder, 'r1');
    expect(lock.fence).toBe(2);
    await lock.assertHeld();
  });

  it('still keeps the key for its open rotation', async () => {
    const folder = engineFolder();
    const child = await holdElsewhere(folder, 'r1');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await refusal(acquire(folder, 'r2', ['r1']))).toMatchObject({ code: 'LOCKED' });
    expect((await acquire(folder, 'r1', ['r1'])).fence).toBe(2);
  });

  it.runIf(process.platform === 'linux')('is not mistaken for a later process with its pid', async () => {
    const folder = engineFolder();
    const { pid, started } = await ourselves();
    leaveHolder(folder, { pid, started: String(Number(started) - 1) });
    expect((await acquire(folder, 'r1')).fence).toBe(2);
  });

  it('is not given up while its pid and start say that it lives', async () => {
    const folder = engineFolder();
    leaveHolder(folder, await ourselves());
    expect(await refusal(acquire(folder, 'r1'))).toMatchObject({ code: 'LOCKED' });
  });

  it('by its file’s damage names nobody, and is taken over', async () => {
    const folder = engineFolder();
    writeFileSync(leaveHolder(folder, await ourselves()), '{"rota');
    expect((await acquire(folder, 'r1')).fence).toBe(2);
  });
});

describe('a holder that does not renew', () => {
  it('is taken over although its process lives, and is fenced off', async () => {
    const folder = engineFolder();
    const sleeper = await acquire(folder, 'r1');
    utimesSync(join(locksOf(folder), '000001'), LONG_AGO, LONG_AGO);
    await sleeper.assertHeld();

    const next = await acquire(folder, 'r1');
    expect(next.fence).toBe(2);
    const error = await refusal(sleeper.assertHeld());
    expect(error).toMatchObject({ code: 'LOCKED', exitCode: 7 });
    expect(error.message).toContain(`process ${process.pid} on ${hostname()} has taken this rotation over`);
    await next.assertHeld();
  });

  it('is fenced off although nobody can say by whom', async () => {
    const folder = engineFolder();
    const lock = await acquire(folder, 'r1');
    writeFileSync(join(locksOf(folder), '000002'), 'damaged');
    const error = await refusal(lock.assertHeld());
    expect(error).toMatchObject({ code: 'LOCKED' });
    expect(error.message).toContain('another process has taken this rotation over');
  });

  it('cannot free what its successor holds', async () => {
    const folder = engineFolder();
    const sleeper = await acquire(folder, 'r1');
    utimesSync(join(locksOf(folder), '000001'), LONG_AGO, LONG_AGO);
    const next = await acquire(folder, 'r1');
    await sleeper.release();
    await next.assertHeld();
    expect(await refusal(acquire(folder, 'r1'))).toMatchObject({ code: 'LOCKED' });
  });

  it.runIf(process.platform === 'linux')(
    'in a container with the name of this host, whose processes are not to be seen from here, is only given up for that',
    async () => {
      const folder = engineFolder();
      const path = leaveHolder(folder, { pid: 2 ** 30, started: '1', pids: 'another boot, pid:[1]' });
      expect(await refusal(acquire(folder, 'r1'))).toMatchObject({ code: 'LOCKED' });
      utimesSync(path, LONG_AGO, LONG_AGO);
      expect((await acquire(folder, 'r1')).fence).toBe(2);
    },
  );

  it('on another machine is only given up for that', async () => {
    const folder = engineFolder();
    const path = leaveHolder(folder, { pid: 1, started: '1', host: 'another-machine' });
    const error = await refusal(acquire(folder, 'r1'));
    expect(error.message).toContain('process 1 on another-machine');
    utimesSync(path, LONG_AGO, LONG_AGO);
    expect((await acquire(folder, 'r1')).fence).toBe(2);
  });
});

it('letting go that the disk refuses hides nothing: whoever held it is gone, and that is enough', async () => {
  const folder = engineFolder();
  const lock = await acquire(folder, 'r1');
  mkdirSync(join(locksOf(folder), '000001.released'));
  await lock.release();
});

describe('two that want the key at the same instant', () => {
  it.each([
    ['of a key nobody held', async () => {}],
    ['of a key that was let go', async (folder: EngineFolder) => (await acquire(folder, 'r0')).release()],
    [
      'of a dead holder',
      async (folder: EngineFolder) => void leaveHolder(folder, { pid: 2 ** 30, started: '1' }),
    ],
  ])('%s: exactly one has it', async (_whose, before) => {
    for (let round = 0; round < 20; round += 1) {
      const folder = engineFolder();
      await before(folder);
      const rivals = ['r1', 'r2', 'r3'].map((id) => acquire(folder, id));
      const answers = await Promise.allSettled(rivals);
      const won = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      expect(won).toHaveLength(1);
      for (const answer of answers) {
        if (answer.status === 'rejected')
          expect(answer.reason).toMatchObject({ code: 'LOCKED', exitCode: 7 });
      }
      for (const lock of won) await lock.assertHeld();
      expect(readdirSync(locksOf(folder)).filter((name) => name.endsWith('.draft'))).toEqual([]);
    }
  });

  it('as processes of their own: exactly one has it', async () => {
    const folder = engineFolder();
    const rivals = ['r1', 'r2'].map((id) => lockChild(folder, id));
    await Promise.all(rivals.map((child) => heard(child, 'ready')));
    const answers = rivals.map((child) => heard(child, /^(held|LOCKED)$/));
    for (const child of rivals) child.stdin?.write('go\n');
    expect((await Promise.all(answers)).sort()).toEqual(['LOCKED', 'held']);
  });
});

const LOCK_MODULE = pathToFileURL(join(import.meta.dirname, '../../src/engine/file-storage/file-lock.ts'));

/** Waits for a word, acquires, says how it went, and never lets go. */
const CHILD = `
const { acquireFileLock } = await import(process.argv[1]);
console.log('ready');
process.stdin.once('data', async () => {
  const request = { key: '${KEY}', rotationId: process.argv[3], isOpen: async () => true };
  const said = await acquireFileLock(process.argv[2], request).then(() => 'held', (error) => error.code);
  console.log(said);
});
`;

function lockChild(folder: EngineFolder, rotationId: string): ChildProcess {
  const code = ['--import', 'tsx', '--input-type=module', '--eval', CHILD];
  const child = spawn(process.execPath, [...code, LOCK_MODULE.href, locksOf(folder), rotationId], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function holdElsewhere(folder: EngineFolder, rotationId: string): Promise<ChildProcess> {
  const child = lockChild(folder, rotationId);
  await heard(child, 'ready');
  const held = heard(child, 'held');
  child.stdin?.write('go\n');
  await held;
  return child;
}

/** Resolves with the line once the child has said it. */
function heard(child: ChildProcess, line: string | RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const found = said
        .split('\n')
        .find((one) => (typeof line === 'string' ? one === line : line.test(one)));
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`the child ended after saying: ${said}`)));
  });
}
