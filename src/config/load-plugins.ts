import type { ZodType } from 'zod';
import type { Entries } from './merge-entries.ts';
import { PLUGIN_KINDS, type PluginCatalog, type PluginKind, pluginsOf } from './plugin-catalog.ts';
import type { Reading } from './shape/reading.ts';

interface PluginFacts extends Pick<Reading, 'optionsOf' | 'partsOf'> {
  readonly types: NonNullable<Reading['types']>;
}

/** Loads the options schema of every plug-in that the inventory names, and of no other. */
export async function loadPlugins(entries: Entries, catalog: PluginCatalog): Promise<PluginFacts> {
  const schemas: Record<PluginKind, Map<string, ZodType>> = {
    stores: new Map(),
    issuers: new Map(),
    checks: new Map(),
    reloads: new Map(),
    notifiers: new Map(),
  };
  const parts = new Map<string, readonly string[]>();
  const loads: Promise<void>[] = [];
  const named = namedTypes(entries);
  for (const kind of PLUGIN_KINDS) {
    for (const [type, load] of pluginsOf(catalog, kind)) {
      if (!named[kind].has(type)) continue;
      loads.push(
        load().then(async (plugin) => {
          if ('capabilities' in plugin && 'parts' in plugin.capabilities)
            parts.set(type, plugin.capabilities.parts);
          schemas[kind].set(type, await plugin.options());
        }),
      );
    }
  }
  await Promise.all(loads);
  return {
    types: {
      stores: Object.keys(catalog.stores),
      issuers: Object.keys(catalog.issuers),
      checks: Object.keys(catalog.checks),
      reloads: Object.keys(catalog.reloads),
      notifiers: Object.keys(catalog.notifiers),
    },
    optionsOf: (kind, type) => schemas[kind].get(type),
    partsOf: (issuer) => parts.get(issuer) ?? [],
  };
}

/** A first look, before anything is known to be right. */
function namedTypes(entries: Entries): Readonly<Record<PluginKind, ReadonlySet<string>>> {
  const named = {
    stores: new Set<string>(),
    issuers: new Set<string>(),
    checks: new Set<string>(),
    reloads: new Set<string>(),
    notifiers: new Set<string>(),
  };
  for (const { value } of entries.stores.values()) addType(value, named.stores);
  for (const { value } of entries.notifiers.values()) addType(value, named.notifiers);
  for (const { value } of entries.keys.values()) addType(field(value, 'issuer'), named.issuers);
  for (const { value } of entries.services.values()) {
    addType(field(value, 'reload'), named.reloads);
    const checks = field(value, 'checks');
    if (Array.isArray(checks)) for (const check of checks) addType(check, named.checks);
  }
  return named;
}

function addType(use: unknown, types: Set<string>): void {
  const type = field(use, 'type');
  if (typeof type === 'string') types.add(type);
}

/** A field of what may be anything. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
