import type {
  CheckPlugin,
  IssuerPlugin,
  NotifierPlugin,
  ReloadPlugin,
  StorePlugin,
} from '../core/plugins/plugin.ts';

type Lazy<Plugin> = Readonly<Record<string, () => Promise<Plugin>>>;

/** Every plug-in there is, by kind and `type`; loaded only when a config names it. */
export interface PluginCatalog {
  readonly stores: Lazy<StorePlugin>;
  readonly issuers: Lazy<IssuerPlugin>;
  readonly checks: Lazy<CheckPlugin>;
  readonly reloads: Lazy<ReloadPlugin>;
  readonly notifiers: Lazy<NotifierPlugin>;
}

export type PluginKind = keyof PluginCatalog;

export const PLUGIN_KINDS = [
  'stores',
  'issuers',
  'checks',
  'reloads',
  'notifiers',
] as const satisfies readonly PluginKind[];

type AnyPlugin = StorePlugin | IssuerPlugin | CheckPlugin | ReloadPlugin | NotifierPlugin;

/** The plug-ins of one kind, by `type`. */
export function pluginsOf(
  catalog: PluginCatalog,
  kind: PluginKind,
): readonly (readonly [string, () => Promise<AnyPlugin>])[] {
  return Object.entries<() => Promise<AnyPlugin>>(catalog[kind]);
}

/** What a message calls one of them. */
export const KIND_LABELS: Readonly<Record<PluginKind, string>> = {
  stores: 'store',
  issuers: 'issuer',
  checks: 'check',
  reloads: 'reload',
  notifiers: 'notifier',
};
