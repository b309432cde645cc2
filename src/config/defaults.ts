import type { DeactivatePolicy } from './rotation-config.ts';

/** What a config need not say. Each value is part of the public contract: docs and editor schema show it. */
export const DEFAULTS = {
  /** Journals and locks, beside the config. */
  state: '.keyturn',
  waves: ['canary', 'staging', 'production'],
  /** One request of a store, an issuer or a check. */
  timeout: '15s',
  /** A reload waits for processes to start, not for one answer. */
  reloadTimeout: '10m',
  attempts: 4,
  concurrency: 8,
  policy: {
    /** Somebody looks before the old key stops working. */
    deactivate: 'ask' satisfies DeactivatePolicy,
    soak: '0s',
    /** No watch, so that a rotation ends when its work is done; a watch outlives the session. */
    watchFor: '0s',
    watchEvery: '1m',
    grace: '0s',
    /** A deletion cannot be undone: it has to be asked for. */
    delete: false,
    maxTargets: 1000,
  },
} as const;
