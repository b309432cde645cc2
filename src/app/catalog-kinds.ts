import { checks } from '../catalog/checks.gen.ts';
import { issuers } from '../catalog/issuers.gen.ts';
import { notifiers } from '../catalog/notifiers.gen.ts';
import { reloads } from '../catalog/reloads.gen.ts';
import { stores } from '../catalog/stores.gen.ts';

/** Every kind of plug-in, as the commands name it. */
export const CATALOG = { stores, issuers, checks, reloads, notifiers } as const;

export type CatalogKind = keyof typeof CATALOG;

/** The descriptor of a plug-in of that kind. */
export type PluginOf<Kind extends CatalogKind> = Awaited<ReturnType<(typeof CATALOG)[Kind][string]>>;
