import type { PluginCatalog } from '../../config/plugin-catalog.ts';
import type {
  CheckUse,
  Connection,
  PluginUse,
  RotationConfig,
  TargetConfig,
} from '../../config/rotation-config.ts';
import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Operator } from '../../core/operator.ts';
import type {
  CheckEmulator,
  IssuerEmulator,
  ReloadEmulator,
  StoreEmulator,
} from '../../core/plugins/emulator.ts';
import type { IssuedKey } from '../../core/plugins/issuer.ts';
import type { Slot } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { checkSubject } from '../plan/bound-plan.ts';
import { absentOperator } from '../stdin-operator.ts';
import { type AnyEmulator, createReferences } from './emulated-references.ts';

export interface EmulatedTarget {
  readonly store: string;
  readonly slot: Slot;
  /** Field → part. */
  readonly parts: Fields<string>;
}

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
  const key = config.keys[keyName];
  if (key === undefined)
    throw new RotationError('CONFIG_INVALID', {
      subject: `key ${keyName}`,
      reason: 'it is not in the config',
    });
  const running: AnyEmulator[] = [];
  const references = createReferences();
  const start = async <E extends AnyEmulator>(load: () => Promise<() => Promise<E>>): Promise<E> => {
    const emulator = await (await load())();
    running.push(emulator);
    return emulator;
  };

  const issuer: IssuerEmulator = await start((await plugin(catalog.issuers, key.issuer.type)).emulator);
  const oldKey = await issuer.issue();
  const stores = new Map<string, StoreEmulator>();
  const connections: Record<string, Connection> = {};
  const targets: EmulatedTarget[] = [];
  const seeded = new Map<string, string>();

  const place = async (target: TargetConfig): Promise<TargetConfig> => {
    const connection = config.stores[target.store];
    if (connection === undefined) return target;
    const emulator =
      stores.get(target.store) ??
      (await start<StoreEmulator>((await plugin(catalog.stores, connection.type)).emulator));
    stores.set(target.store, emulator);
    connections[target.store] = { ...connection, expect: {}, options: references.lead(emulator, connection) };
    const at = `${target.store}\n${target.ref}\n${Object.keys(target.fields).join('\n')}`;
    const ref = seeded.get(at) ?? (await seed(emulator, target));
    seeded.set(at, ref);
    return { ...target, ref };
  };

  const seed = async (emulator: StoreEmulator, target: TargetConfig): Promise<string> => {
    const values: Record<string, string> = {};
    for (const [field, part] of Object.entries(target.fields))
      values[field] = oldKey.credential[part]?.reveal() ?? '';
    const slot = await emulator.seed({ ref: target.ref, fields: Object.keys(target.fields) }, values);
    targets.push({ store: target.store, slot, parts: target.fields });
    return slot.ref;
  };

  const checkEmulators = new Map<string, CheckEmulator>();
  const leadCheck = async (service: string, use: CheckUse): Promise<CheckUse> => {
    const emulator = await start<CheckEmulator>((await plugin(catalog.checks, use.type)).emulator);
    checkEmulators.set(checkSubject(service, use.name), emulator);
    return { ...use, options: references.lead(emulator, use) };
  };
  const leadReload = async (use: PluginUse): Promise<PluginUse> => {
    const emulator = await start<ReloadEmulator>((await plugin(catalog.reloads, use.type)).emulator);
    return { ...use, options: references.lead(emulator, use) };
  };

  const services: Record<string, RotationConfig['services'][string]> = {};
  for (const [name, service] of Object.entries(config.services)) {
    const uses = service.uses.filter((use) => use.key === keyName);
    if (uses.length === 0) continue;
    const checks: CheckUse[] = [];
    for (const check of service.checks) checks.push(await leadCheck(name, check));
    services[name] = {
      ...service,
      uses: await inOrder(uses, async (use) => ({ ...use, from: await inOrder(use.from, place) })),
      checks,
      reload: service.reload === undefined ? undefined : await leadReload(service.reload),
    };
  }
  const keyTargets = await inOrder(key.targets, place);

  return {
    config: {
      ...config,
      stateDir,
      stores: connections,
      services,
      keys: {
        [keyName]: {
          ...key,
          current: undefined,
          targets: keyTargets,
          issuer: { ...key.issuer, options: references.lead(issuer, key.issuer) },
        },
      },
    },
    catalog: { ...catalog, checks: honestServices(catalog, checkEmulators, issuer) },
    resolve: references.resolve,
    operator: issuer.operator ?? absentOperator,
    oldKey,
    issuer,
    stores,
    targets,
    peek: async (target) => stores.get(target.store)?.peek(target.slot),
    stop: async () => {
      await Promise.allSettled(running.map((emulator) => emulator.stop()));
    },
  };
}

/** Emulated services work with exactly the keys that are live at the emulated issuer. */
function honestServices(
  catalog: PluginCatalog,
  emulators: ReadonlyMap<string, CheckEmulator>,
  issuer: IssuerEmulator,
): PluginCatalog['checks'] {
  return Object.fromEntries(
    Object.entries(catalog.checks).map(([type, load]) => [
      type,
      async () => {
        const real = await load();
        const open = await real.open();
        const opened: typeof open = async (options, ctx) => {
          const check = await open(options, ctx);
          const emulator = emulators.get(ctx.name);
          return {
            run: async (subject, call) => {
              const live = await issuer.isLive(subject.credential);
              emulator?.accept(
                live ? Object.values(subject.credential).map((secret) => secret.reveal()) : [],
              );
              return check.run(subject, call);
            },
          };
        };
        return { ...real, open: async () => opened };
      },
    ]),
  );
}

async function plugin<P>(map: Readonly<Record<string, () => Promise<P>>>, type: string): Promise<P> {
  const load = map[type];
  if (load === undefined)
    throw new RotationError('CONFIG_INVALID', {
      subject: `type ${type}`,
      reason: 'there is no such plug-in',
    });
  return load();
}

/** One after the other: emulators are started and seeded once each. */
async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
