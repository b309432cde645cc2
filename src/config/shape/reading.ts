import type { ZodType } from 'zod';
import type { PluginKind } from '../plugin-catalog.ts';
import type { Issue } from './issue.ts';

/** What a value is read against: the names that exist anywhere in the inventory. */
export interface Reading {
  readonly issues: Issue[];
  readonly names: KnownNames;
  /** Ids of the plug-ins of each kind; undefined where a module could not be loaded, which may have brought others. */
  readonly types: Readonly<Record<PluginKind, readonly string[]>> | undefined;
  /** The options schema of a plug-in that the inventory names; undefined when there is no such plug-in. */
  readonly optionsOf: (kind: PluginKind, type: string) => ZodType | undefined;
  /** The issuer type of a key; undefined when it does not name one. */
  readonly issuerOf: (key: string) => string | undefined;
  /** Names of the parts of such an issuer's credentials; empty when they are not fixed. */
  readonly partsOf: (issuer: string) => readonly string[];
}

/** Undefined where a file could not be read: a name that is missing may stand in it. */
export interface KnownNames {
  readonly stores: ReadonlySet<string> | undefined;
  readonly keys: ReadonlySet<string> | undefined;
  readonly waves: ReadonlySet<string> | undefined;
}
