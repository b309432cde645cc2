import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Slot } from '../../src/core/plugins/store.ts';
import { applianceUrl } from '../../src/lib/conjur/appliance-url.ts';
import { optionsSchema } from '../../src/stores/cyberark-conjur/options.ts';
import {
  type ConjurRig,
  failure,
  freshValues,
  ONE,
  openConjurRig,
  revealed,
  secrets,
} from './cyberark-conjur-rig.ts';

let rig: ConjurRig;
beforeEach(async () => {
  rig = await openConjurRig();
});
afterEach(() => rig.close());

describe('versions', () => {
  it('are the numbers Conjur counts, and a push tells the one it made', async () => {
    await rig.emulator.seed(ONE, freshValues(ONE));
    const before = await rig.store.read(ONE, rig.ctx);
    expect(before?.version).toBe('2');
    const receipt = await rig.store.write(ONE, secrets(freshValues(ONE)), '2', rig.ctx);
    expect(receipt).toEqual({ version: '3' });
  });

  it('do not move when the value is the one it has, and nothing is sent', async () => {
    const values = freshValues(ONE);
    await rig.emulator.seed(ONE, values);
    expect(await rig.store.write(ONE, secrets(values), '2', rig.ctx)).toEqual({ version: '2' });
    expect(rig.emulator.effects()).toBe(0);
  });

  it('refuse a push when somebody else wrote since they were read', async () => {
    await rig.emulator.seed(ONE, freshValues(ONE));
    const theirs = freshValues(ONE);
    await rig.emulator.overwrite(ONE, theirs);
    const error = await failure(rig.store.write(ONE, secrets(freshValues(ONE)), '2', rig.ctx));
    expect(error.code).toBe('CONFLICT');
    expect(error.message).toContain('version 3, not 2');
    expect(rig.emulator.effects()).toBe(0);
    expect(await rig.emulator.peek(ONE)).toEqual(theirs);
  });

  it('may move without harm: an earlier attempt of the same push arrived', async () => {
    await rig.emulator.seed(ONE, freshValues(ONE));
    const values = freshValues(ONE);
    rig.emulator.inject?.({ kind: 'lost-answer', on: 'write' });
    expect((await failure(rig.store.write(ONE, secrets(values), '2', rig.ctx))).code).toBe('INDETERMINATE');
    expect(await rig.store.write(ONE, secrets(values), '2', rig.ctx)).toEqual({ version: '3' });
    expect(rig.emulator.effects()).toBe(1);
  });

  it('are left open in the receipt when they cannot be seen after the write', async () => {
    await rig.emulator.seed(ONE, freshValues(ONE));
    const values = freshValues(ONE);
    rig.emulator.server.onWrite((moment) => {
      if (moment === 'after') rig.emulator.inject?.({ kind: 'cut', on: 'read' });
    });
    expect(await rig.store.write(ONE, secrets(values), '2', rig.ctx)).toEqual({ version: undefined });
    expect(await rig.emulator.peek(ONE)).toEqual(values);
  });
});

describe('somebody who writes at the same moment', () => {
  it.each(['before', 'after'] as const)('%s ours is not lost: CONFLICT, and theirs is live', async (when) => {
    await rig.emulator.seed(ONE, freshValues(ONE));
    const theirs = freshValues(ONE);
    rig.emulator.server.onWrite(async (moment) => {
      if (moment !== when) return;
      rig.emulator.server.onWrite(undefined);
      await rig.emulator.overwrite(ONE, theirs);
    });
    const error = await failure(rig.store.write(ONE, secrets(freshValues(ONE)), '2', rig.ctx));
    expect(error.code).toBe('CONFLICT');
    expect(await rig.emulator.peek(ONE)).toEqual(theirs);
  });
});

describe('a variable', () => {
  it('is addressed by its id as one percent-encoded segment', async () => {
    const slot: Slot = { ref: 'apps/ci runners/a+b@c', fields: ['k/1'] };
    await rig.emulator.seed(slot, freshValues(slot));
    expect(revealed(await rig.store.read(slot, rig.ctx))).toEqual(await rig.emulator.peek(slot));
    expect(rig.emulator.server.requests.at(-1)?.url).toBe(
      '/secrets/emulated/variable/apps%2Fci%20runners%2Fa%2Bb%40c%2Fk%2F1?version=2',
    );
  });

  it('that policy has declared and nobody has filled reads as a slot without fields', async () => {
    rig.emulator.variables.declare(ONE.ref);
    expect(await rig.store.read(ONE, rig.ctx)).toEqual({ fields: {}, version: '0' });
    const values = freshValues(ONE);
    expect(await rig.store.write(ONE, secrets(values), '0', rig.ctx)).toEqual({ version: '1' });
    expect(await rig.emulator.peek(ONE)).toEqual(values);
  });

  it('that policy has not declared cannot be written', async () => {
    const error = await failure(rig.store.write(ONE, secrets(freshValues(ONE)), undefined, rig.ctx));
    expect(error.code).toBe('NOT_FOUND');
    expect(error.hint).toContain('policy');
  });

  it('we may see but not write says which privilege is missing; one we may not see is not there', async () => {
    await rig.emulator.seed(ONE, freshValues(ONE));
    const variable = rig.emulator.variables.declare(ONE.ref);
    variable.privileges = new Set(['read', 'execute']);
    const error = await failure(rig.store.write(ONE, secrets(freshValues(ONE)), '2', rig.ctx));
    expect(error.code).toBe('PERMISSION_DENIED');
    expect(error.message).toContain('`update`');
    variable.privileges = new Set(['update']);
    expect((await failure(rig.store.read(ONE, rig.ctx))).message).toContain('`execute`');
    variable.privileges = new Set();
    expect(await rig.store.read(ONE, rig.ctx)).toBeUndefined();
  });

  it('does not take a blank value', async () => {
    const old = freshValues(ONE);
    await rig.emulator.seed(ONE, old);
    const error = await failure(rig.store.write(ONE, secrets({ '': ' \n' }), '2', rig.ctx));
    expect(error.code).toBe('REFUSED');
    expect(error.message).toContain("'value' may not be empty");
    expect(await rig.emulator.peek(ONE)).toEqual(old);
  });

  it('whose value arrives as a web page is not read', async () => {
    await rig.emulator.seed(ONE, freshValues(ONE));
    rig.emulator.variables.declare(ONE.ref).annotations.set('conjur/mime_type', 'text/html');
    expect((await failure(rig.store.read(ONE, rig.ctx))).code).toBe('UNAVAILABLE');
  });

  it('that is not text is refused, since it could not be put back', async () => {
    await rig.emulator.seed(ONE, { '': `\uFFFD${freshValues(ONE)['']}` });
    const error = await failure(rig.store.read(ONE, rig.ctx));
    expect(error.code).toBe('REFUSED');
    expect(error.message).toContain('UTF-8');
  });
});

it('says that a follower takes no writes, and where to write instead', async () => {
  await rig.emulator.seed(ONE, freshValues(ONE));
  const follower = await rig.emulator.startFollower(0);
  const store = await rig.open({ address: follower.url });
  const error = await failure(store.write(ONE, secrets(freshValues(ONE)), '2', rig.ctx));
  expect(error.code).toBe('REFUSED');
  expect(error.message).toContain('Write operations are not allowed');
  expect(error.hint).toContain('leader');
});

describe('restoring', () => {
  it('goes back to a value that Conjur has pruned, when it was kept', async () => {
    const old = freshValues(ONE);
    await rig.emulator.seed(ONE, old);
    for (let write = 0; write < 25; write += 1) await rig.emulator.overwrite(ONE, freshValues(ONE));
    const pushed = freshValues(ONE);
    await rig.store.write(ONE, secrets(pushed), '27', rig.ctx);
    const wish = { before: '2', receipt: { version: '28' }, pushed: secrets(pushed) };

    const error = await failure(rig.store.restore(ONE, { ...wish, values: undefined }, rig.ctx));
    expect(error.code).toBe('REFUSED');
    expect(await rig.emulator.peek(ONE)).toEqual(pushed);

    await rig.store.restore(ONE, { ...wish, values: secrets(old) }, rig.ctx);
    expect(await rig.emulator.peek(ONE)).toEqual(old);
  });

  it('does not trust a number whose value is not what was read: the variable was made anew', async () => {
    await rig.emulator.seed(ONE, freshValues(ONE));
    const pushed = freshValues(ONE);
    await rig.store.write(ONE, secrets(pushed), '2', rig.ctx);
    const wish = {
      before: '2',
      values: secrets(freshValues(ONE)),
      receipt: undefined,
      pushed: secrets(pushed),
    };
    expect((await failure(rig.store.restore(ONE, wish, rig.ctx))).code).toBe('DRIFT');
    expect(await rig.emulator.peek(ONE)).toEqual(pushed);
  });

  it('of what is back already does nothing', async () => {
    const old = freshValues(ONE);
    await rig.emulator.seed(ONE, old);
    const wish = { before: '2', values: undefined, receipt: undefined, pushed: secrets(freshValues(ONE)) };
    await rig.store.restore(ONE, wish, rig.ctx);
    expect(rig.emulator.effects()).toBe(0);
  });
});

describe('the address', () => {
  it.each([
    ['https://acme.secretsmgr.cyberark.cloud', 'https://acme.secretsmgr.cyberark.cloud/api'],
    ['https://acme-secretsmanager.cyberark.cloud/', 'https://acme-secretsmanager.cyberark.cloud/api'],
    ['https://acme.secretsmgr.cyberark.cloud/api/', 'https://acme.secretsmgr.cyberark.cloud/api'],
    ['https://conjur.example.com:8443/conjur/', 'https://conjur.example.com:8443/conjur'],
    ['https://secretsmgr.cyberark.cloud.example.com', 'https://secretsmgr.cyberark.cloud.example.com'],
  ])('%s means %s', (address, base) => {
    expect(applianceUrl(address)).toBe(base);
  });
});

describe('options', () => {
  const valid = {
    address: 'https://conjur.example.com',
    account: 'acme',
    auth: { method: 'api-key', login: 'host/keyturn', apiKey: 'env:CONJUR_API_KEY' },
  };
  const problems = (change: object): string[] =>
    optionsSchema.safeParse({ ...valid, ...change }).error?.issues.map(({ message }) => message) ?? [];

  it('take an address that is encrypted, or on this machine', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ address: 'http://127.0.0.1:8080' })).toEqual([]);
    expect(problems({ address: 'http://conjur.example.com' })).toEqual([expect.stringContaining('https://')]);
    expect(problems({ address: 'https://me:pw@conjur.example.com' })).toEqual([
      expect.stringContaining('password'),
    ]);
    expect(problems({ followers: ['http://replica.example.com'] })).toHaveLength(1);
  });

  it('never repeat a secret that stands where a reference should', () => {
    const literal = freshValues(ONE)[''] ?? '';
    const found = problems({ auth: { ...valid.auth, apiKey: literal } });
    expect(found).toEqual([expect.stringContaining('must be a reference')]);
    expect(JSON.stringify(found)).not.toContain(literal);
  });
});
