import { NOTICE_EVENTS } from '../../core/plugins/notifier.ts';
import { parseDuration, type WrittenDuration } from '../../lib/duration.ts';
import { DEFAULTS } from '../defaults.ts';
import type { PluginKind } from '../plugin-catalog.ts';
import { list, mapOf } from '../shape/collections.ts';
import { name, nameOf } from '../shape/names.ts';
import type { FieldTable } from '../shape/object.ts';
import { duration, oneOf, text, wholeNumber } from '../shape/scalars.ts';
import { optional, type Shape, withDefault } from '../shape/shape.ts';

const TOLD_BY_DEFAULT = NOTICE_EVENTS.filter((event) => event !== 'begun');

const TIMEOUT_RANGE = { min: '1ms', max: '1h' } as const;

function timeout(written: WrittenDuration, description: string): Shape<number> {
  return withDefault(duration(TIMEOUT_RANGE, description), parseDuration(written), written);
}

/** What stands beside the options of every store. */
export const STORE_FIELDS = {
  timeout: timeout(DEFAULTS.timeout, 'How long one request may take.'),
  attempts: withDefault(
    wholeNumber({ min: 1, max: 20 }, 'Tries of a request that certainly had no effect, the first included.'),
    DEFAULTS.attempts,
    DEFAULTS.attempts,
  ),
  concurrency: withDefault(
    wholeNumber({ min: 1, max: 256 }, 'Requests at once.'),
    DEFAULTS.concurrency,
    DEFAULTS.concurrency,
  ),
  expect: withDefault(
    mapOf(
      text('The exact value it must have.'),
      'Attributes the store’s identity must have (account, region, address …) before anything is written.',
    ),
    {},
    {},
  ),
};

/** What stands beside the options of every issuer. */
export const ISSUER_FIELDS = { timeout: timeout(DEFAULTS.timeout, 'How long one request may take.') };

/** What stands beside the options of every check. */
export const CHECK_FIELDS = {
  name: optional(name('What it is called in plans and reports; its number by default.')),
  key: optional(nameOf('keys', 'The key it proves, where the service uses several; any of them by default.')),
  timeout: timeout(DEFAULTS.timeout, 'How long the check may take.'),
};

/** What stands beside the options of every reload. */
export const RELOAD_FIELDS = {
  timeout: timeout(DEFAULTS.reloadTimeout, 'How long until the service has taken up the new value.'),
};

/** What stands beside the options of every notifier. */
export const NOTIFIER_FIELDS = {
  on: withDefault(
    list(
      oneOf(NOTICE_EVENTS, 'What becomes of a rotation.'),
      { min: 1 },
      'What it is told of; all but `begun` by default.',
    ),
    TOLD_BY_DEFAULT,
    TOLD_BY_DEFAULT,
  ),
  timeout: timeout(DEFAULTS.timeout, 'How long one message may take.'),
};

/** For the editor schema: these names are taken, so no plug-in may have an option of the same name. */
export const PLUGIN_FIELDS = {
  stores: STORE_FIELDS,
  issuers: ISSUER_FIELDS,
  checks: CHECK_FIELDS,
  reloads: RELOAD_FIELDS,
  notifiers: NOTIFIER_FIELDS,
} as const satisfies Record<PluginKind, FieldTable>;
