import { parseDuration, type WrittenDuration } from '../../lib/duration.ts';
import { DEFAULTS } from '../defaults.ts';
import type { KeyPolicy } from '../rotation-config.ts';
import { object } from '../shape/object.ts';
import { duration, flag, oneOf, wholeNumber } from '../shape/scalars.ts';
import { note, refined, type Shape, withDefault } from '../shape/shape.ts';

const { policy: POLICY } = DEFAULTS;

function wait(
  written: WrittenDuration,
  description: string,
  range: { min?: WrittenDuration } = {},
): Shape<number> {
  return withDefault(duration(range, description), parseDuration(written), written);
}

const WATCH = refined(
  object(
    {
      for: wait(POLICY.watchFor, 'How long; 0s: no watch.'),
      every: wait(POLICY.watchEvery, 'Pause between two rounds of checks.', { min: '1s' }),
    },
    'After the old key is deactivated, the checks are repeated; a failure brings it back where that can be done.',
  ),
  (watch, reading) => {
    if (watch.for > 0 && watch.every > watch.for) {
      note(reading, { path: ['every'], message: 'is longer than the watch itself' });
    }
    return { forMs: watch.for, everyMs: watch.every };
  },
);

const NO_WATCH = { forMs: 0, everyMs: parseDuration(POLICY.watchEvery) };

const FIELDS = object(
  {
    deactivate: withDefault(
      oneOf(
        ['ask', 'now', 'after-soak', 'never'],
        'ask: a person approves; now: when all pushes are verified; after-soak: by itself when the evidence is good; never: the old key stays.',
      ),
      POLICY.deactivate,
      POLICY.deactivate,
    ),
    soak: wait(POLICY.soak, 'Wait between the last wave and the decision to deactivate.'),
    watch: withDefault(WATCH, NO_WATCH),
    grace: wait(POLICY.grace, 'Wait between the watch and the deletion of the old key.'),
    delete: withDefault(
      flag('Whether the old key is deleted in the end, where the issuer can. This cannot be undone.'),
      POLICY.delete,
      POLICY.delete,
    ),
    maxTargets: withDefault(
      wholeNumber({ min: 1, max: 1_000_000 }, 'A rotation that would touch more slots is refused.'),
      POLICY.maxTargets,
      POLICY.maxTargets,
    ),
  },
  'What happens to the old key, and when.',
);

const POLICY_READ: Shape<KeyPolicy> = refined(FIELDS, (policy, reading) => {
  if (policy.delete && policy.deactivate === 'never') {
    note(reading, { path: ['delete'], message: 'a key that is never deactivated cannot be deleted' });
  }
  return {
    deactivate: policy.deactivate,
    soakMs: policy.soak,
    watch: policy.watch,
    graceMs: policy.grace,
    delete: policy.delete,
    maxTargets: policy.maxTargets,
  };
});

export const DEFAULT_POLICY: KeyPolicy = {
  deactivate: POLICY.deactivate,
  soakMs: parseDuration(POLICY.soak),
  watch: NO_WATCH,
  graceMs: parseDuration(POLICY.grace),
  delete: POLICY.delete,
  maxTargets: POLICY.maxTargets,
};

export const POLICY_SHAPE = withDefault(POLICY_READ, DEFAULT_POLICY);
