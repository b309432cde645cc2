import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import { ENV, envFolder, slotOf } from './support/env-folder.ts';
import { secretsOf, writing } from './support/writes.ts';

const LOCK = `${ENV}.keyturn-lock`;

/** Time passes only when somebody waits. */
function waitingClock(): Clock {
  let now = Date.now();
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  if (child.pid === undefined) throw new Error('the child did not start');
  return child.pid;
}

function holder(pid: number, host = hostname()): string {
  return JSON.stringify({ token: 'of somebody', host, pid });
}

describe('the lock beside an env file', () => {
  it('makes a second writer wait, and tells it when the first does not finish', async () => {
    const { store, put, text, names } = envFolder(waitingClock());
    put('KEY=old');
    put(holder(process.pid), LOCK);
    const attempt = store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing());
    await expect(attempt).rejects.toMatchObject({ code: 'LOCKED', hint: expect.stringContaining(LOCK) });
    expect(text()).toBe('KEY=old');
    expect(names()).toEqual([ENV, LOCK]);
  });

  it('of a process that died is taken over at once', async () => {
    const sleep = (): Promise<never> => Promise.reject(new Error('somebody waited'));
    const { store, put, text, names } = envFolder({ ...waitingClock(), sleep });
    put('KEY=old');
    put(holder(await deadPid()), LOCK);
    await store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing());
    expect(text()).toBe('KEY=new');
    expect(names()).toEqual([ENV]);
  });

  it.each([
    ['of another machine', holder(1, 'another-machine')],
    ['that names nobody', ''],
  ])('%s is taken over when it is older than any write', async (_whose, content) => {
    const { store, put, path, text, names } = envFolder(waitingClock());
    put('KEY=old');
    put(content, LOCK);
    const twoMinutesAgo = new Date(Date.now() - 120_000);
    utimesSync(path(LOCK), twoMinutesAgo, twoMinutesAgo);
    await store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing());
    expect(text()).toBe('KEY=new');
    expect(names()).toEqual([ENV]);
  });

  it('is gone after a write that failed', async () => {
    const { store, put, names } = envFolder();
    put('KEY=old');
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), 'sha256:0', writing()),
    ).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(names()).toEqual([ENV]);
  });

  it('loses no write of several processes that edit one file at once', async () => {
    const { put, text, names, root } = envFolder();
    const keys = ['A', 'B', 'C'];
    put(keys.map((key) => `${key}=0 # of process ${key}\n`).join(''));
    const script = fileURLToPath(new URL('./support/write-own-key.ts', import.meta.url));
    const exits = keys.map(async (key) => {
      const child = spawn(process.execPath, ['--import', 'tsx', script, root, key], { stdio: 'inherit' });
      const [code] = await once(child, 'exit');
      return code;
    });
    expect(await Promise.all(exits)).toEqual([0, 0, 0]);
    expect(text()).toBe(keys.map((key) => `${key}=${key}-25 # of process ${key}\n`).join(''));
    expect(names()).toEqual([ENV]);
  });
});
