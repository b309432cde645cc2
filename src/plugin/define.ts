import {
  type CheckPlugin,
  type IssuerPlugin,
  type NotifierPlugin,
  type ReloadPlugin,
  type StorePlugin,
  type TypedOptions,
  defineCheck as typedCheck,
  defineIssuer as typedIssuer,
  defineNotifier as typedNotifier,
  defineReload as typedReload,
  defineStore as typedStore,
} from '../core/plugins/plugin.ts';

/** What `define…` has made, with its kind. Nothing else can be loaded, so that a plug-in is what it was typed as. */
export type DefinedPlugin =
  | { readonly kind: 'stores'; readonly plugin: StorePlugin }
  | { readonly kind: 'issuers'; readonly plugin: IssuerPlugin }
  | { readonly kind: 'checks'; readonly plugin: CheckPlugin }
  | { readonly kind: 'reloads'; readonly plugin: ReloadPlugin }
  | { readonly kind: 'notifiers'; readonly plugin: NotifierPlugin };

/** Not a mark on the object: one that another copy of this package has made must not pass for ours. */
const defined = new WeakMap<object, DefinedPlugin>();

/** Undefined for what this very copy of keyturn has not defined. */
export function definedPlugin(value: unknown): DefinedPlugin | undefined {
  return typeof value === 'object' && value !== null ? defined.get(value) : undefined;
}

function remember<Made extends DefinedPlugin>(made: Made): Made['plugin'] {
  defined.set(made.plugin, made);
  return made.plugin;
}

/** A place where keys are stored. The default export of a module that `plugins` in the config names. */
export function defineStore<Options>(plugin: StorePlugin<Options> & TypedOptions<Options>): StorePlugin {
  return remember({ kind: 'stores', plugin: typedStore(plugin) });
}

/** Whoever makes keys and kills them. */
export function defineIssuer<Options>(plugin: IssuerPlugin<Options> & TypedOptions<Options>): IssuerPlugin {
  return remember({ kind: 'issuers', plugin: typedIssuer(plugin) });
}

/** A question to a service: does it work with this key? */
export function defineCheck<Options>(plugin: CheckPlugin<Options> & TypedOptions<Options>): CheckPlugin {
  return remember({ kind: 'checks', plugin: typedCheck(plugin) });
}

/** A way to make a service take up a new key. */
export function defineReload<Options>(plugin: ReloadPlugin<Options> & TypedOptions<Options>): ReloadPlugin {
  return remember({ kind: 'reloads', plugin: typedReload(plugin) });
}

/** Who is told what becomes of a rotation. */
export function defineNotifier<Options>(
  plugin: NotifierPlugin<Options> & TypedOptions<Options>,
): NotifierPlugin {
  return remember({ kind: 'notifiers', plugin: typedNotifier(plugin) });
}
