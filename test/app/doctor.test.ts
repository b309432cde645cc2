import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DoctorItem, examine } from '../../src/app/doctor.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import type { StorePlugin } from '../../src/core/plugins/plugin.ts';
import { go, open, world } from './support/open-world.ts';

const examined = (over: Partial<Runtime> = {}) => examine(world.runtime(over), () => {});
const of = (items: readonly DoctorItem[], area: DoctorItem['area']) =>
  items.filter((item) => item.area === area);
const withState = (stateDir: string) => ({ config: { ...world.config, stateDir } });

describe('the state folder', () => {
  it('is well when it is private, or will be made', async () => {
    await open();
    expect(of(await examined(withState(join(world.stateDir, 'new'))), 'state')).toMatchObject([
      { verdict: 'ok', message: 'will be made by the first rotation' },
    ]);
    await mkdir(world.config.stateDir, { mode: 0o700 });
    expect(of(await examined(), 'state')).toMatchObject([{ verdict: 'ok', message: 'private and writable' }]);
  });

  it('that others may look into is told with the command that mends it', async () => {
    await open();
    await mkdir(world.config.stateDir);
    await chmod(world.config.stateDir, 0o755);
    expect(of(await examined(), 'state')).toEqual([
      {
        area: 'state',
        subject: world.config.stateDir,
        verdict: 'warning',
        message: 'others of this machine may look into it (mode 755)',
        hint: `chmod 700 ${world.config.stateDir}`,
      },
    ]);
  });

  it.each([
    ['below a file', 'file/state', 'it cannot be read and written'],
    ['below a folder that is not there', 'nowhere/state', 'it is not there and cannot be made'],
  ])('%s is an error, and the rest is looked at all the same', async (_where, path, message) => {
    await open();
    await writeFile(join(world.stateDir, 'file'), '');
    const items = await examined(withState(join(world.stateDir, path)));
    expect(of(items, 'state')).toMatchObject([{ verdict: 'error', message, hint: expect.any(String) }]);
    expect(of(items, 'store').map(({ verdict }) => verdict)).toEqual(['ok', 'ok']);
    expect(of(items, 'rotation')).toEqual([]);
  });
});

describe('the config', () => {
  it('is counted as one speaks', async () => {
    await open();
    const [item] = of(await examined(), 'config');
    expect(item?.message).toMatch(/^\d+ stores, 1 key, /);
  });
});

describe('rotations', () => {
  it('that are open or damaged are told, those that have ended are not', async () => {
    await open({ policy: { deactivate: 'ask' } });
    const { rotationId } = await go();
    const damaged = join(world.config.stateDir, 'rotations/r20200101-000000-aaaaaa');
    await mkdir(damaged);
    await writeFile(join(damaged, 'journal.jsonl'), '{"seq":1}\n');
    expect(of(await examined(), 'rotation')).toMatchObject([
      { subject: rotationId, verdict: 'warning', hint: `keyturn rotations show ${rotationId}` },
      { subject: 'r20200101-000000-aaaaaa', verdict: 'error', message: expect.stringContaining('line 1') },
    ]);
  });
});

describe('a store or an issuer', () => {
  it('that does not open is an error of its own, with the place in its options', async () => {
    await open();
    const { stores, keys } = world.config;
    const vault = stores['hashicorp-vault'];
    const key = keys['the-key'];
    if (vault === undefined || key === undefined) throw new Error('the world has both');
    const items = await examined({
      config: {
        ...world.config,
        stores: { ...stores, 'hashicorp-vault': { ...vault, options: { address: 7 } } },
        keys: { 'the-key': { ...key, issuer: { ...key.issuer, type: 'no-such-issuer' } } },
      },
    });
    expect(of(items, 'store')).toMatchObject([
      { subject: 'dotenv', verdict: 'ok' },
      { subject: 'hashicorp-vault', verdict: 'error', message: expect.stringContaining('address: ') },
    ]);
    expect(of(items, 'issuer')).toMatchObject([
      { verdict: 'error', message: expect.stringContaining('it is not one of: aws-iam') },
    ]);
  });

  it('with a defect is no finding: it is told as what it is', async () => {
    await open({ stores: ['dotenv'] });
    const load = world.catalog.stores['dotenv'];
    if (load === undefined) throw new Error('there is a store of files');
    const defect = new TypeError('undefined is not a function');
    const broken = async (): Promise<StorePlugin> => ({
      ...(await load()),
      open: async () => () => {
        throw defect;
      },
    });
    const catalog = { ...world.catalog, stores: { ...world.catalog.stores, dotenv: broken } };
    await expect(examined({ catalog })).rejects.toBe(defect);
  });
});
