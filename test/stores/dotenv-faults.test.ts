import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type * as FileSystem from 'node:fs/promises';
import { hostname } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ENV, envFolder, slotOf } from './support/env-folder.ts';
import { secretsOf, writing } from './support/writes.ts';

/** What the file system does next in place of the real thing; a fault may look at the arguments and decline. */
const faults: {
  rename?: (from: string, to: string) => void;
  write?: () => void;
  sync?: () => void;
  access?: () => void;
  alsoLocks?: boolean;
} = {};
const renames: string[] = [];

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  return {
    ...real,
    access: async (...args: Parameters<typeof real.access>) => {
      faults.access?.();
      return real.access(...args);
    },
    rename: async (from: string, to: string) => {
      faults.rename?.(from, to);
      renames.push(to);
      return real.rename(from, to);
    },
    open: async (path: string, flags: string, mode?: number) => {
      const handle = await real.open(path, flags, mode);
      if (path.endsWith('.keyturn-lock') && !faults.alsoLocks) return handle;
      return new Proxy(handle, {
        get: (target, name) => {
          if (name === 'writeFile' || name === 'write') faults.write?.();
          if (name === 'sync') faults.sync?.();
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      });
    },
  };
});

function errno(code: string): Error {
  return Object.assign(new Error(`${code}: as the system says it`), { code });
}

function failing(code: string, times = Infinity): () => void {
  let left = times;
  return () => {
    left -= 1;
    if (left >= 0) throw errno(code);
  };
}

afterEach(() => {
  for (const name of Object.keys(faults)) delete faults[name as keyof typeof faults];
  renames.length = 0;
});

describe('when the file system refuses', () => {
  it.each([
    ['ENOSPC', 'LIMIT_REACHED'],
    ['EDQUOT', 'LIMIT_REACHED'],
    ['EIO', 'UNAVAILABLE'],
    ['EROFS', 'PERMISSION_DENIED'],
  ])('%s is %s, the old file is whole and nothing is left beside it', async (code, expected) => {
    const { store, put, text, names } = envFolder();
    put('KEY=old\nOTHER=1\n');
    faults.write = failing(code);
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing()),
    ).rejects.toMatchObject({
      code: expected,
    });
    expect(text()).toBe('KEY=old\nOTHER=1\n');
    expect(names()).toEqual([ENV]);
  });

  it('a full disk leaves no empty lock behind', async () => {
    const { store, put, names } = envFolder();
    put('KEY=old');
    Object.assign(faults, { alsoLocks: true, write: failing('ENOSPC') });
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing()),
    ).rejects.toMatchObject({
      code: 'LIMIT_REACHED',
    });
    expect(names()).toEqual([ENV]);
  });

  it('a rename that was done but not made durable is INDETERMINATE', async () => {
    const { store, put, text } = envFolder();
    put('KEY=old');
    faults.rename = () => {
      faults.sync = failing('EIO');
    };
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing()),
    ).rejects.toMatchObject({
      code: 'INDETERMINATE',
    });
    expect(text()).toBe('KEY=new');
  });

  it('without a reason anybody knows, half-way, is INDETERMINATE too', async () => {
    const { store, put } = envFolder();
    put('KEY=old');
    faults.rename = () => {
      faults.sync = () => {
        throw new Error('as nobody says it');
      };
    };
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing()),
    ).rejects.toMatchObject({
      code: 'INDETERMINATE',
      message: expect.stringContaining('it failed half-way (unknown error)'),
    });
  });

  it('preflight tells what may not be written', async () => {
    const { store, put, root } = envFolder();
    put('KEY=old');
    faults.access = failing('EACCES');
    const { findings } = await store.preflight(slotOf('KEY'), writing());
    expect(findings.map(({ code, message }) => [code, message.includes(root)])).toEqual([
      ['PERMISSION_DENIED', false],
      ['PERMISSION_DENIED', true],
    ]);
  });
});

describe('the lock of a process that died', () => {
  const LOCK = `${ENV}.keyturn-lock`;
  const holder = (pid: number, token: string): string => JSON.stringify({ token, host: hostname(), pid });
  const dead = holder(2 ** 22 + 1, 'of the dead');

  async function writeOver(onMove: (lock: string) => void): Promise<ReturnType<typeof envFolder>> {
    let now = Date.now();
    const clock = {
      now: () => now,
      sleep: async (ms: number): Promise<void> => {
        now += ms;
      },
    };
    const folder = envFolder(clock, 1000);
    folder.put('KEY=old');
    folder.put(dead, LOCK);
    let moved = false;
    faults.rename = (from) => {
      if (moved || !from.endsWith('.keyturn-lock')) return;
      moved = true;
      onMove(from);
    };
    return folder;
  }

  it('that another process took over in that very moment goes back to it', async () => {
    const { store, text, names } = await writeOver((lock) =>
      writeFileSync(lock, holder(process.pid, 'of the living')),
    );
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing()),
    ).rejects.toMatchObject({ code: 'LOCKED' });
    expect(text()).toBe('KEY=old');
    expect(names()).toEqual([ENV, LOCK]);
    expect(text(LOCK)).toContain('of the living');
  });

  it('that another process has just removed is no obstacle', async () => {
    const { store, text, names } = await writeOver((lock) => rmSync(lock));
    await store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing());
    expect(text()).toBe('KEY=new');
    expect(names()).toEqual([ENV]);
  });

  it('that may not be moved is told, and nothing is written', async () => {
    const { store, text } = await writeOver(failing('EACCES'));
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing()),
    ).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(text()).toBe('KEY=old');
  });
});

describe('a file mounted by itself', () => {
  it('is written in place, because nothing can be renamed over it', async () => {
    const { store, put, path, text, names } = envFolder();
    put('KEY=a-long-old-value\nOTHER=1\n');
    const { ino } = statSync(path());
    faults.rename = failing('EBUSY');
    await store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing());
    expect(text()).toBe('KEY=new\nOTHER=1\n');
    expect(statSync(path()).ino).toBe(ino);
    expect(names()).toEqual([ENV]);
  });

  it('has its old bytes again when the disk fills half-way', async () => {
    const { store, put, text } = envFolder();
    put('KEY=old\nOTHER=1\n');
    faults.rename = () => {
      faults.sync = failing('ENOSPC', 1);
      throw errno('EBUSY');
    };
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'newer' }), undefined, writing()),
    ).rejects.toMatchObject({
      code: 'LIMIT_REACHED',
    });
    expect(text()).toBe('KEY=old\nOTHER=1\n');
  });

  it('is INDETERMINATE when the old bytes cannot be put back either', async () => {
    const { store, put } = envFolder();
    put('KEY=old\n');
    faults.rename = () => {
      faults.sync = () => {
        faults.write = failing('EIO');
        throw errno('EIO');
      };
      throw errno('EBUSY');
    };
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing()),
    ).rejects.toMatchObject({
      code: 'INDETERMINATE',
    });
  });
});

describe('one replacement of the file', () => {
  it('is all that two entries need', async () => {
    const { store, put, path } = envFolder();
    put('ID=a\nSECRET=b\n');
    await store.write(slotOf('ID', 'SECRET'), secretsOf({ ID: 'c', SECRET: 'd' }), undefined, writing());
    expect(renames).toEqual([path()]);
  });

  it('is called off when an editor saves the file in the very last moment', async () => {
    const { store, put, path, text, names } = envFolder();
    put('KEY=old\n');
    faults.sync = () => writeFileSync(path(), 'KEY=old\nADDED=1\n');
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing()),
    ).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(text()).toBe('KEY=old\nADDED=1\n');
    expect(names()).toEqual([ENV]);
  });

  it('is called off when the lock was lost, as to a process that thought this one dead', async () => {
    const { store, put, text, names } = envFolder();
    put('KEY=old\n');
    faults.sync = () => put(JSON.stringify({ token: 'theirs' }), `${ENV}.keyturn-lock`);
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing()),
    ).rejects.toMatchObject({
      code: 'LOCKED',
    });
    expect(text()).toBe('KEY=old\n');
    expect(names()).toEqual([ENV, `${ENV}.keyturn-lock`]);
  });

  it('cleans up after one that was killed: its file holds a key', async () => {
    const { store, put, names } = envFolder();
    put('KEY=old\n');
    put('KEY=half', '.env.keyturn-0123456789ab.tmp');
    put('not ours', '.env.keyturn-notes.tmp');
    put('KEY=another file', '.env.local.keyturn-0123456789ab.tmp');
    await store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing());
    expect(names()).toEqual([ENV, '.env.keyturn-notes.tmp', '.env.local.keyturn-0123456789ab.tmp']);
  });

  it('never has a temporary file that others may read', async () => {
    const { store, put, path, root } = envFolder();
    put('KEY=old\n');
    let seen: { mode: number; text: string } | undefined;
    faults.rename = (from) => {
      expect(from.startsWith(root)).toBe(true);
      seen = { mode: statSync(from).mode & 0o777, text: readFileSync(from, 'utf8') };
    };
    await store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing());
    expect(seen).toEqual({ mode: statSync(path()).mode & 0o777, text: 'KEY=new\n' });
    expect(seen?.mode).toBe(0o600);
  });
});
