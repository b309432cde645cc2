import type { PluginCatalog } from '../config/plugin-catalog.ts';
import type { Connection, PluginUse } from '../config/rotation-config.ts';
import type { Clock } from '../core/clock.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { Operator } from '../core/operator.ts';
import type { Check } from '../core/plugins/check.ts';
import type { OpenContext } from '../core/plugins/contexts.ts';
import type { Issuer, IssuerCapabilities } from '../core/plugins/issuer.ts';
import type { Notifier } from '../core/plugins/notifier.ts';
import type { StorePlugin } from '../core/plugins/plugin.ts';
import type { Reload } from '../core/plugins/reload.ts';
import type { StoreCapabilities } from '../core/plugins/store.ts';
import type { Secret } from '../core/secret.ts';
import { raceDeadline } from '../lib/http/race-deadline.ts';
import { longestCreateMs, retryingIssuer } from '../lib/issuer/retrying-issuer.ts';
import { DEFAULT_RETRY } from '../lib/retry.ts';
import { type GuardedStore, guardedStore } from '../lib/store/guarded-store.ts';
import { limitedStore } from '../lib/store/limited-store.ts';
import { retryingStore } from '../lib/store/retrying-store.ts';
import { named } from './named.ts';

export interface OpenedStore {
  readonly store: GuardedStore;
  readonly capabilities: StoreCapabilities;
}

export interface OpenedIssuer {
  readonly issuer: Issuer;
  readonly capabilities: IssuerCapabilities;
  /** How long a create may be under way. */
  readonly longestCreateMs: number;
}

/** Opens configured plug-ins, each once, wrapped in what every one of them needs. */
export interface PluginHost {
  store(name: string, connection: Connection): Promise<OpenedStore>;
  issuer(use: PluginUse): Promise<OpenedIssuer>;
  check(subject: string, use: PluginUse): Promise<Check>;
  reload(subject: string, use: PluginUse): Promise<Reload>;
  notifier(name: string, use: PluginUse): Promise<Notifier>;
  closeAll(): Promise<void>;
}

export interface HostSettings {
  readonly catalog: PluginCatalog;
  readonly clock: Clock;
  readonly baseDir: string;
  readonly operator: Operator;
  readonly resolve: (reference: string) => Promise<Secret>;
}

export function createPluginHost(settings: HostSettings): PluginHost {
  const stores = new Map<string, Promise<OpenedStore>>();
  const closers: (() => Promise<void>)[] = [];

  const context = (name: string, use: PluginUse): OpenContext => ({
    name,
    baseDir: settings.baseDir,
    clock: settings.clock,
    timeoutMs: use.timeoutMs,
    resolve: settings.resolve,
    operator: settings.operator,
  });

  /** Closing takes as long as any other call at most: one that never ends must not keep a result from being told. */
  const closeLater = (
    subject: string,
    { timeoutMs }: PluginUse,
    opened: { close?(): Promise<void> },
  ): void => {
    const about = { subject, action: 'close it', signal: new AbortController().signal, timeoutMs };
    closers.push(() => raceDeadline(about, async () => opened.close?.()));
  };

  const openStore = async (name: string, connection: Connection): Promise<OpenedStore> => {
    const plugin = await named(settings.catalog.stores, 'store type', connection.type)();
    const options = await parsed(plugin, connection, `store ${name}`);
    const bare = await (await plugin.open())(options, context(name, connection));
    closeLater(name, connection, bare);
    const policy = { ...DEFAULT_RETRY, attempts: connection.attempts };
    // The limiter is innermost: a call that waits before its next try does not hold a place.
    const steady = retryingStore(limitedStore(bare, connection.concurrency), policy, settings.clock);
    const store = guardedStore(steady, { name, expect: connection.expect, clock: settings.clock });
    return { store, capabilities: plugin.capabilities };
  };

  return {
    store: (name, connection) => {
      const opened = stores.get(name) ?? openStore(name, connection);
      stores.set(name, opened);
      return opened;
    },
    issuer: async (use) => {
      const plugin = await named(settings.catalog.issuers, 'issuer type', use.type)();
      const options = await parsed(plugin, use, `issuer ${use.type}`);
      const issuer = await (await plugin.open())(options, context(`issuer ${use.type}`, use));
      closeLater(`issuer ${use.type}`, use, issuer);
      return {
        issuer: retryingIssuer(issuer, DEFAULT_RETRY, settings.clock),
        capabilities: plugin.capabilities,
        longestCreateMs: longestCreateMs(DEFAULT_RETRY, use.timeoutMs),
      };
    },
    check: async (subject, use) => {
      const plugin = await named(settings.catalog.checks, 'check type', use.type)();
      return (await plugin.open())(await parsed(plugin, use, subject), context(subject, use));
    },
    reload: async (subject, use) => {
      const plugin = await named(settings.catalog.reloads, 'reload type', use.type)();
      return (await plugin.open())(await parsed(plugin, use, subject), context(subject, use));
    },
    notifier: async (name, use) => {
      const subject = `notifier ${name}`;
      const plugin = await named(settings.catalog.notifiers, 'notifier type', use.type)();
      const options = await parsed(plugin, use, subject);
      const notifier = await (await plugin.open())(options, context(subject, use));
      closeLater(subject, use, notifier);
      return notifier;
    },
    closeAll: async () => {
      // A session that cannot be given up expires by itself; the rotation's result does not depend on it.
      await Promise.allSettled(closers.map((close) => close()));
    },
  };
}

/** @throws RotationError CONFIG_INVALID */
async function parsed(
  plugin: { readonly options: StorePlugin['options'] },
  use: PluginUse,
  subject: string,
): Promise<never> {
  const result = (await plugin.options()).safeParse(use.options);
  if (result.success) return result.data as never;
  const reason = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new RotationError('CONFIG_INVALID', { subject, reason });
}
