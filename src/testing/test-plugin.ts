import { describe, expect, it } from 'vitest';
import type {
  CheckPlugin,
  IssuerPlugin,
  NotifierPlugin,
  ReloadPlugin,
  StorePlugin,
} from '../core/plugins/plugin.ts';
import { definedPlugin } from '../plugin/define.ts';
import { descriptorFault } from '../plugin/descriptor.ts';
import { checkSuite } from './check-suite.ts';
import { issuerSuite } from './issuers/issuer-suite.ts';
import { notifierSuite } from './notifier-suite.ts';
import { reloadSuite } from './reload-suite.ts';
import { storeSuite } from './stores/store-suite.ts';

/** Registers every case for a store made by `defineStore`: honesty, writing, restoring, and a wire that breaks. */
export function testStore(store: StorePlugin): Promise<void> {
  return tested(store, storeSuite);
}

/** Registers every case for an issuer: honesty, creating, killing, and a wire that breaks. */
export function testIssuer(issuer: IssuerPlugin): Promise<void> {
  return tested(issuer, issuerSuite);
}

export function testCheck(check: CheckPlugin): Promise<void> {
  return tested(check, checkSuite);
}

export function testReload(reload: ReloadPlugin): Promise<void> {
  return tested(reload, reloadSuite);
}

export function testNotifier(notifier: NotifierPlugin): Promise<void> {
  return tested(notifier, notifierSuite);
}

async function tested<Plugin extends { readonly id: string }>(
  plugin: Plugin,
  suite: (id: string, load: () => Promise<Plugin>) => Promise<void>,
): Promise<void> {
  describe(plugin.id, () => {
    it('is what a config can name: made by define…, with everything that keyturn reads of it', () => {
      const defined = definedPlugin(plugin);
      expect(defined, 'it was not made by defineStore (or another define…) of keyturn/plugin').toBeDefined();
      expect(defined && descriptorFault(defined)).toBeUndefined();
    });
  });
  await suite(plugin.id, async () => plugin);
}
