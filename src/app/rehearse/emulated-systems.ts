import type { PluginCatalog } from '../../config/plugin-catalog.ts';
import type {
  CheckUse,
  Connection,
  KeyConfig,
  PluginUse,
  RotationConfig,
  TargetConfig,
} from '../../config/rotation-config.ts';
import type { Fields } from '../../core/credential.ts';
import type {
  CheckEmulator,
  IssuerEmulator,
  ReloadEmulator,
  StoreEmulator,
} from '../../core/plugins/emulator.ts';
import type { IssuedKey } from '../../core/plugins/issuer.ts';
import type { Slot } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { named } from '../named.ts';
import { checkSubject } from '../plan/bound-plan.ts';
import { type AnyEmulator, createReferences } from './emulated-references.ts';

export interface EmulatedTarget {
  readonly store: string;
  readonly slot: Slot;
  /** Field → part. */
  readonly parts: Fields<string>;
}

/** Running emulators, and the ways to lead a piece of config to them. */
export interface EmulatedSystems {
  readonly issuer: IssuerEmulator;
  /** The key that is everywhere at the beginning. */
  readonly oldKey: IssuedKey;
  readonly stores: ReadonlyMap<string, StoreEmulator>;
  readonly targets: readonly EmulatedTarget[];
  /** By the name a check is opened with. */
  readonly checks: ReadonlyMap<string, CheckEmulator>;
  /** By service. */
  readonly reloads: ReadonlyMap<string, ReloadEmulator>;
  connections(): Readonly<Record<string, Connection>>;
  /** Starts the target's store, puts the old key there, and gives the target to use instead. */
  place(target: TargetConfig): Promise<TargetConfig>;
  leadIssuer(use: PluginUse): PluginUse;
  leadCheck(service: string, use: CheckUse): Promise<CheckUse>;
  leadReload(service: string, use: PluginUse): Promise<PluginUse>;
  resolve(reference: string): Promise<Secret>;
  stop(): Promise<void>;
}

export async function createEmulatedSystems(
  config: RotationConfig,
  key: KeyConfig,
  catalog: PluginCatalog,
): Promise<EmulatedSystems> {
  const running: AnyEmulator[] = [];
  const references = createReferences();
  const start = async <E extends AnyEmulator>(load: () => Promise<() => Promise<E>>): Promise<E> => {
    const emulator = await (await load())();
    running.push(emulator);
    return emulator;
  };

  const issuer: IssuerEmulator = await start((await pluginOf(catalog.issuers, key.issuer)).emulator);
  // First, for the options name the parts that a key has.
  const issuerOptions = references.lead(issuer, key.issuer);
  const oldKey = await issuer.issue();
  const stores = new Map<string, StoreEmulator>();
  const connections = new Map<string, Connection>();
  const checks = new Map<string, CheckEmulator>();
  const reloads = new Map<string, ReloadEmulator>();
  const targets: EmulatedTarget[] = [];
  const seeded = new Map<string, string>();

  const storeOf = async (name: string): Promise<StoreEmulator> => {
    const known = stores.get(name);
    if (known !== undefined) return known;
    const connection = named(config.stores, 'store', name);
    const emulator: StoreEmulator = await start((await pluginOf(catalog.stores, connection)).emulator);
    stores.set(name, emulator);
    // `expect` names real accounts.
    connections.set(name, { ...connection, expect: {}, options: references.lead(emulator, connection) });
    return emulator;
  };

  const seed = async (emulator: StoreEmulator, target: TargetConfig): Promise<string> => {
    const values: Record<string, string> = {};
    for (const [field, part] of Object.entries(target.fields))
      values[field] = oldKey.credential[part]?.reveal() ?? '';
    const slot = await emulator.seed({ ref: target.ref, fields: Object.keys(target.fields) }, values);
    targets.push({ store: target.store, slot, parts: target.fields });
    return slot.ref;
  };

  return {
    issuer,
    oldKey,
    stores,
    targets,
    checks,
    reloads,
    connections: () => Object.fromEntries(connections),
    place: async (target) => {
      const emulator = await storeOf(target.store);
      const at = [target.store, target.ref, ...Object.keys(target.fields)].join('\n');
      const ref = seeded.get(at) ?? (await seed(emulator, target));
      seeded.set(at, ref);
      return { ...target, ref };
    },
    leadIssuer: (use) => ({ ...use, options: issuerOptions }),
    leadCheck: async (service, use) => {
      const emulator: CheckEmulator = await start((await pluginOf(catalog.checks, use)).emulator);
      checks.set(checkSubject(service, use.name), emulator);
      return { ...use, options: references.lead(emulator, use) };
    },
    leadReload: async (service, use) => {
      const emulator: ReloadEmulator = await start((await pluginOf(catalog.reloads, use)).emulator);
      reloads.set(service, emulator);
      return { ...use, options: references.lead(emulator, use) };
    },
    resolve: references.resolve,
    stop: async () => {
      await Promise.allSettled(running.map((emulator) => emulator.stop()));
    },
  };
}

function pluginOf<P>(map: Readonly<Record<string, () => Promise<P>>>, { type }: PluginUse): Promise<P> {
  return named(map, 'type', type)();
}
