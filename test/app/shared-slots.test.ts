import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Runtime } from '../../src/app/runtime.ts';
import { plugin as httpCheck } from '../../src/checks/http/index.ts';
import type { RotationConfig, ServiceConfig } from '../../src/config/rotation-config.ts';
import { plugin as commandReload } from '../../src/reloads/command/index.ts';
import { holdings } from '../support/world.ts';
import { goApproved, open, world } from './support/open-world.ts';

const USE = { type: 'noted', timeoutMs: 2000, options: {} };

/** A service that takes up what its slots hold when it is reloaded, and nothing after that. */
function service(wave: string, over: Partial<ServiceConfig>): ServiceConfig {
  const uses: ServiceConfig['uses'] = [];
  return {
    owner: undefined,
    wave,
    uses,
    reload: USE,
    checks: [{ ...USE, name: 'alive', key: undefined }],
    ...over,
  };
}

/** The world with these services; each reload notes what the service has taken up. */
function withServices(
  services: RotationConfig['services'],
  refusesNewKey: string,
): Pick<Runtime, 'config' | 'catalog'> & { readonly tookUp: Map<string, string[]> } {
  const tookUp = new Map<string, string[]>();
  const options = async () => z.object({});
  return {
    tookUp,
    config: { ...world.config, services },
    catalog: {
      ...world.catalog,
      reloads: {
        noted: async () => ({
          ...commandReload,
          options,
          open: async () => async () => ({
            run: async ({ service: name }) => {
              tookUp.set(name, await holdings(world));
              return {};
            },
          }),
        }),
      },
      checks: {
        noted: async () => ({
          ...httpCheck,
          options,
          open: async () => async () => ({
            run: async ({ service: name, credential }) => {
              const old = Object.entries(credential).every(([part, value]) =>
                world.oldKey.credential[part]?.equals(value),
              );
              const verdict = name === refusesNewKey && !old ? 'fail' : 'pass';
              return { verdict, summary: verdict, evidence: {} };
            },
          }),
        }),
      },
    },
  };
}

const targetsOf = (kind: string) => {
  const all = Object.values(world.config.services).flatMap(({ uses }) => uses.flatMap(({ from }) => from));
  return [...all, ...(world.config.keys['the-key']?.targets ?? [])].filter(({ store }) => store === kind);
};

it('on the way back a service of a later wave takes up the old key, although its slot went with the canary', async () => {
  await open();
  const uses = [{ key: 'the-key', from: targetsOf('dotenv') }];
  const { tookUp, ...over } = withServices(
    { shop: service('canary', { uses }), till: service('production', { uses }) },
    'till',
  );

  expect(await goApproved(over)).toMatchObject({ status: 'rolled-back' });

  expect(await world.issuer.keys()).toHaveLength(1);
  expect(Object.fromEntries(tookUp)).toEqual({ shop: ['old', 'old'], till: ['old', 'old'] });
});

it('a service is reloaded behind the last of its slots, whatever wave it names', async () => {
  await open();
  const [late] = targetsOf('hashicorp-vault');
  const from = [...targetsOf('dotenv'), ...(late === undefined ? [] : [{ ...late, wave: 'production' }])];
  const { tookUp, ...over } = withServices(
    { shop: service('canary', { uses: [{ key: 'the-key', from }] }) },
    'nobody',
  );

  expect(await goApproved(over)).toMatchObject({ status: 'done' });

  expect(Object.fromEntries(tookUp)).toEqual({ shop: ['new', 'new'] });
});
