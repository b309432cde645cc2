import { expect, it } from 'vitest';
import { parseResource } from '../../src/stores/cyberark-conjur/resource.ts';

const ABOUT = { subject: 'conjur-prod/apps/key', action: 'look at the variable' };

it('a variable has the highest of its versions, or no value yet', () => {
  const secrets = [{ version: 2, expires_at: null }, { version: 10 }, { version: 9 }];
  expect(parseResource({ secrets }, ABOUT).highest).toBe(10);
  expect(parseResource({ secrets: [] }, ABOUT).highest).toBe(0);
});

it.each([
  null,
  [],
  {},
  { secrets: {} },
  { secrets: [null] },
  { secrets: [{}] },
  { secrets: [{ version: '3' }] },
  { secrets: [{ version: 2 }, { version: null }] },
])(
  '%j tells no versions: the variable is not taken for one without a value, or with an older one',
  (document) => {
    expect(() => parseResource(document, ABOUT)).toThrow(/does not describe a Conjur variable/);
  },
);
