import type { PluginCatalog } from '../../config/plugin-catalog.ts';
import type { KeyConfig, RotationConfig, ServiceConfig } from '../../config/rotation-config.ts';
import type { Fields } from '../../core/credential.ts';
import type { Operator } from '../../core/operator.ts';
import type { IssuerEmulator, StoreEmulator } from '../../core/plugins/emulator.ts';
import type { IssuedKey } from '../../core/plugins/issuer.ts';
import type { Secret } from '../../core/secret.ts';
import { named } from '../named.ts';
import { absentOperator } from '../stdin-operator.ts';
import { createEmulatedSystems, type EmulatedSystems, type EmulatedTarget } from './emulated-systems.ts';
import { honestServices } from './honest-services.ts';
import { nothingReadable } from './nothing-readable.ts';
import { createOldKeyReferences } from './old-key-references.ts';
import { onEmulatedDisks } from './on-emulated-disks.ts';

/** The user's own plan, with an emulator in place of every system in it. Touches no real system. */
export interface EmulatedWorld {
  readonly config: RotationConfig;
  readonly catalog: PluginCatalog;
  readonly resolve: (reference: string) => Promise<Secret>;
  readonly operator: Operator;
  readonly oldKey: IssuedKey;
  readonly issuer: IssuerEmulator;
  readonly stores: ReadonlyMap<string, StoreEmulator>;
  readonly targets: readonly EmulatedTarget[];
  readonly checks: EmulatedSystems['checks'];
  readonly reloads: EmulatedSystems['reloads'];
  /** The values a target holds now, as the outside world reads them. */
  peek(target: EmulatedTarget): Promise<Fields<string> | undefined>;
  stop(): Promise<void>;
}

/** @throws RotationError CONFIG_INVALID when the key is not in the config */
export async function startEmulatedWorld(
  config: RotationConfig,
  keyName: string,
  catalog: PluginCatalog,
  stateDir: string,
): Promise<EmulatedWorld> {
  const key = named(config.keys, 'key', keyName);
  const systems = await createEmulatedSystems(config, key, catalog);
  try {
    const services = await leadServices(config, keyName, systems);
    const emulatedKey = await leadKey(key, systems);
    const given = key.current !== undefined || (await nothingReadable(systems, catalog, config.baseDir));
    const oldKey = createOldKeyReferences(systems.oldKey);
    return {
      config: {
        ...config,
        // Nothing has really happened.
        notifiers: {},
        stateDir,
        stores: systems.connections(),
        services,
        keys: { [keyName]: given ? { ...emulatedKey, current: oldKey.current } : emulatedKey },
      },
      catalog: {
        ...catalog,
        stores: onEmulatedDisks(catalog.stores, systems.stores),
        checks: honestServices(catalog.checks, systems.checks, systems.issuer),
      },
      resolve: async (reference) => oldKey.resolve(reference) ?? systems.resolve(reference),
      operator: systems.issuer.operator ?? absentOperator,
      oldKey: systems.oldKey,
      issuer: systems.issuer,
      stores: systems.stores,
      targets: systems.targets,
      checks: systems.checks,
      reloads: systems.reloads,
      peek: async (target) => systems.stores.get(target.store)?.peek(target.slot),
      stop: systems.stop,
    };
  } catch (error) {
    await systems.stop();
    throw error;
  }
}

async function leadKey(key: KeyConfig, systems: EmulatedSystems): Promise<KeyConfig> {
  const targets = await inOrder(key.targets, systems.place);
  return { ...key, current: undefined, targets, issuer: systems.leadIssuer(key.issuer) };
}

async function leadServices(
  config: RotationConfig,
  keyName: string,
  systems: EmulatedSystems,
): Promise<Record<string, ServiceConfig>> {
  const services: Record<string, ServiceConfig> = {};
  for (const [name, service] of Object.entries(config.services)) {
    const uses = service.uses.filter((use) => use.key === keyName);
    if (uses.length === 0) continue;
    services[name] = {
      ...service,
      uses: await inOrder(uses, async (use) => ({ ...use, from: await inOrder(use.from, systems.place) })),
      checks: await inOrder(service.checks, (check) => systems.leadCheck(name, check)),
      reload: service.reload === undefined ? undefined : await systems.leadReload(name, service.reload),
    };
  }
  return services;
}

/** One after the other: emulators are started and seeded once each. */
async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
