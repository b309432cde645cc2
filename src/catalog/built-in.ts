import { checks } from './checks.gen.ts';
import { issuers } from './issuers.gen.ts';
import { notifiers } from './notifiers.gen.ts';
import { reloads } from './reloads.gen.ts';
import { stores } from './stores.gen.ts';

/** Every plug-in that comes with keyturn, by kind and id. */
export const BUILT_IN = { stores, issuers, checks, reloads, notifiers } as const;
