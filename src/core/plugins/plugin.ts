import type { ZodType } from 'zod';
import type { Check } from './check.ts';
import type { OpenContext } from './contexts.ts';
import type {
  CheckEmulator,
  IssuerEmulator,
  NotifierEmulator,
  ReloadEmulator,
  StoreEmulator,
} from './emulator.ts';
import type { Issuer, IssuerCapabilities } from './issuer.ts';
import type { Notifier } from './notifier.ts';
import type { Reload } from './reload.ts';
import type { Store, StoreCapabilities } from './store.ts';

/** What `list`, `show`, the docs and the schema need of a plug-in, without loading it. */
interface Plugin {
  /** The `type` in the config, and the name of its folder. */
  readonly id: string;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** Strict zod schema of its options, without the common ones. */
  readonly options: () => Promise<ZodType>;
}

export interface StorePlugin<Options = never> extends Plugin {
  readonly capabilities: StoreCapabilities;
  /** What `ref` and `field` of a target mean here, for the docs and the schema. */
  readonly slot: { readonly ref: string; readonly field: string };
  readonly open: () => Promise<(options: Options, ctx: OpenContext) => Store | Promise<Store>>;
  readonly emulator: () => Promise<() => Promise<StoreEmulator>>;
}

export interface IssuerPlugin<Options = never> extends Plugin {
  readonly capabilities: IssuerCapabilities;
  readonly open: () => Promise<(options: Options, ctx: OpenContext) => Issuer | Promise<Issuer>>;
  readonly emulator: () => Promise<() => Promise<IssuerEmulator>>;
}

export interface CheckPlugin<Options = never> extends Plugin {
  readonly open: () => Promise<(options: Options, ctx: OpenContext) => Check | Promise<Check>>;
  readonly emulator: () => Promise<() => Promise<CheckEmulator>>;
}

export interface ReloadPlugin<Options = never> extends Plugin {
  readonly open: () => Promise<(options: Options, ctx: OpenContext) => Reload | Promise<Reload>>;
  readonly emulator: () => Promise<() => Promise<ReloadEmulator>>;
}

export interface NotifierPlugin<Options = never> extends Plugin {
  readonly open: () => Promise<(options: Options, ctx: OpenContext) => Notifier | Promise<Notifier>>;
  readonly emulator: () => Promise<() => Promise<NotifierEmulator>>;
}

/** Ties the schema to what `open` takes. */
export interface TypedOptions<Options> {
  readonly options: () => Promise<ZodType<Options>>;
}

/** The identity function, for its type: a store described here fits the catalogue. */
export function defineStore<Options>(plugin: StorePlugin<Options> & TypedOptions<Options>): StorePlugin {
  return plugin;
}

export function defineIssuer<Options>(plugin: IssuerPlugin<Options> & TypedOptions<Options>): IssuerPlugin {
  return plugin;
}

export function defineCheck<Options>(plugin: CheckPlugin<Options> & TypedOptions<Options>): CheckPlugin {
  return plugin;
}

export function defineReload<Options>(plugin: ReloadPlugin<Options> & TypedOptions<Options>): ReloadPlugin {
  return plugin;
}

export function defineNotifier<Options>(
  plugin: NotifierPlugin<Options> & TypedOptions<Options>,
): NotifierPlugin {
  return plugin;
}
