import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createPluginHost } from '../../src/app/plugin-host.ts';
import type { Connection } from '../../src/config/rotation-config.ts';
import type { StorePlugin } from '../../src/core/plugins/plugin.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { catalog } from '../support/world.ts';

const nobody = (): Promise<never> => Promise.reject(new Error('nobody was expected to be asked'));

const host = (stores = catalog.stores) =>
  createPluginHost({
    catalog: { ...catalog, stores },
    clock: virtualClock(0),
    baseDir: tmpdir(),
    operator: { provideCredential: nobody, confirmDone: nobody },
    resolve: nobody,
  });
const use = { type: 'dotenv', timeoutMs: 1000, options: {} };
const connection: Connection = { ...use, attempts: 1, concurrency: 1, expect: {} };

describe('a plan that was made by another version', () => {
  it.each(['store', 'issuer', 'check', 'reload'] as const)(
    'and names a %s there is not is refused with those there are',
    async (kind) => {
      const gone = { ...connection, type: 'toString' };
      const opening =
        kind === 'store' || kind === 'reload' || kind === 'check'
          ? host()[kind]('env', gone)
          : host()[kind](gone);
      await expect(opening).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(
          new RegExp(`${kind} type toString is not valid: it is not one of: .+`),
        ),
      });
    },
  );

  it('and has options that a plug-in does not know any more is refused, all of them at once', async () => {
    const options = { root: 7, colour: 'blue' };
    const error = await host()
      .store('env', { ...connection, options })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^store env is not valid: root: .+; .*colour/),
    });
  });
});

describe('a store', () => {
  it('is opened once, however often it is asked for, and closed at the end though closing it fails', async () => {
    let opened = 0;
    let closed = 0;
    const load = catalog.stores['dotenv'];
    if (load === undefined) throw new Error('there is a store of files');
    const counting = async (): Promise<StorePlugin> => {
      const plugin = await load();
      const open = await plugin.open();
      return {
        ...plugin,
        open: async () => async (options, ctx) => {
          opened += 1;
          const close = async (): Promise<never> => {
            closed += 1;
            throw new Error('the session is gone already');
          };
          return { ...(await open(options, ctx)), close };
        },
      };
    };
    const { store, closeAll } = host({ ...catalog.stores, dotenv: counting });
    const [one, another] = await Promise.all([store('env', connection), store('env', connection)]);
    expect(another).toBe(one);
    await closeAll();
    expect([opened, closed]).toEqual([1, 1]);
  });

  it('that never ends closing does not keep the result of a rotation from being told', async () => {
    const load = catalog.stores['dotenv'];
    if (load === undefined) throw new Error('there is a store of files');
    const endless = async (): Promise<StorePlugin> => {
      const plugin = await load();
      const open = await plugin.open();
      const close = (): Promise<never> => new Promise(() => {});
      return {
        ...plugin,
        open: async () => async (options, ctx) => ({ ...(await open(options, ctx)), close }),
      };
    };
    const { store, closeAll } = host({ ...catalog.stores, dotenv: endless });
    await store('env', { ...connection, timeoutMs: 10 });
    await expect(closeAll()).resolves.toBeUndefined();
  });
});
