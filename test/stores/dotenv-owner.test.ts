import type * as Os from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { envFolder, slotOf } from './support/env-folder.ts';
import { writing } from './support/writes.ts';

const user: { name: () => string } = { name: () => 'ann' };
vi.mock('node:os', async (importOriginal) => {
  const real = await importOriginal<typeof Os>();
  return { ...real, userInfo: () => ({ ...real.userInfo(), username: user.name() }) };
});
afterEach(() => vi.restoreAllMocks());

/** A process of this user and these groups. */
function runAs(uid: number, groups: readonly number[]): void {
  vi.spyOn(process, 'geteuid').mockReturnValue(uid);
  vi.spyOn(process, 'getegid').mockReturnValue(groups[0] ?? 0);
  vi.spyOn(process, 'getgroups').mockReturnValue(groups.slice(1));
}

describe('a file that belongs to somebody else', () => {
  const kept = async (uid: number, groups: readonly number[]): Promise<readonly string[]> => {
    const { store, put } = envFolder();
    put('KEY=old');
    runAs(uid, groups);
    const { findings } = await store.preflight(slotOf('KEY'), writing());
    return findings.map(({ code, message }) => `${code}: ${message}`);
  };
  const [uid, gid] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];

  it('could not keep its owner, so it is refused beforehand', async () => {
    const [finding, ...others] = await kept(uid + 12345, [gid]);
    expect(finding).toMatch(
      /^PERMISSION_DENIED: it belongs to user \d+, group \d+, which keyturn could not keep$/,
    );
    expect(others).toEqual([]);
  });

  it('is no matter for root', async () => {
    expect(await kept(0, [gid + 12345])).toEqual([]);
  });
});

describe('who writes', () => {
  const whoami = async () => (await envFolder().store.whoami({ signal: writing().signal })).attributes;

  it('has a name, or a number where no list knows it, or neither', async () => {
    expect(await whoami()).toMatchObject({ user: 'ann' });
    user.name = () => {
      throw new Error('ENOENT: uv_os_get_passwd');
    };
    runAs(1000, [1000]);
    expect(await whoami()).toMatchObject({ user: '1000' });
    vi.restoreAllMocks();
    const { geteuid } = process;
    try {
      Object.assign(process, { geteuid: undefined });
      expect(await whoami()).toMatchObject({ user: 'unknown' });
    } finally {
      Object.assign(process, { geteuid });
    }
  });
});
