import { beforeEach, describe, expect, test } from 'vitest';
import type { Credential } from '../../src/core/credential.ts';
import type { Principal } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import { keepOldKey } from '../../src/steps/keep-old-key.ts';
import { proveDead, proveForgotten } from '../../src/steps/prove-dead.ts';
import { verifyKey } from '../../src/steps/verify-key.ts';
import { failure } from '../engine/support/fake-world.ts';
import { fakeIssuer } from './support/fake-issuer.ts';
import { contextWith, type TestContext } from './support/step-context.ts';

const issuer = fakeIssuer();
const OLD = { value: new Secret('the old value') };
const NEW = { value: new Secret('the new value') };
const ANN: Principal = { id: 'ann', display: 'Ann of the shop' };

let ctx: TestContext;
let accepted: Credential[];
let asked: number;
beforeEach(async () => {
  ctx = await contextWith(OLD, NEW);
  accepted = [OLD, NEW];
  asked = 0;
});

/** An issuer that accepts what is in `accepted`, from the `spread`-th question on. */
const identify =
  (principal = ANN, spread = 0) =>
  async ({ value }: Credential): Promise<Principal> => {
    asked += 1;
    const live = accepted.some((key) => value !== undefined && key['value']?.equals(value));
    if (!live || asked <= spread) throw failure('UNAUTHENTICATED');
    return principal;
  };

describe('the new key is verified', () => {
  const verify = (ask = identify(), old: Principal | undefined = ANN) =>
    verifyKey(issuer, ask, old).run(null, ctx);

  test('by several answers in a row, however late the issuer hears of it', async () => {
    expect(await verify(identify(ANN, 4))).toEqual({ principal: 'Ann of the shop' });
    expect(asked).toBe(4 + issuer.propagation.confirmations);
  });

  test('and refused when its issuer does not take it in time', async () => {
    accepted = [OLD];
    await expect(verify()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('and refused when it acts as another principal, both of whom are named', async () => {
    await expect(verify(identify({ id: 'bob', display: 'Bob of the stage' }))).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(/Bob of the stage.*Ann of the shop/),
    });
  });

  test('and left undecided when the issuer is down: that is no answer about the key', async () => {
    await expect(verify(() => Promise.reject(failure('UNAVAILABLE')))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });
});

describe('the old key is proved dead', () => {
  const prove = (ask = identify()) => proveDead(issuer, ask).run(null, ctx);

  test('by several refusals in a row, while the new one is accepted', async () => {
    accepted = [NEW];
    expect(await prove()).toMatchObject({ proof: expect.stringContaining('refused 3 times in a row') });
  });

  test('and not by an issuer that goes on accepting it', async () => {
    await expect(prove()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      hint: expect.stringContaining('still live'),
    });
  });

  test('and not when the new one died with it', async () => {
    accepted = [];
    await expect(prove()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('and not by an issuer that is down', async () => {
    await expect(prove(() => Promise.reject(failure('TIMEOUT')))).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  test('where it has no issuer, by every store having forgotten it', async () => {
    await expect(proveForgotten(async () => []).run(null, ctx)).resolves.toBeDefined();
    await expect(proveForgotten(async () => ['vault/apps/ci']).run(null, ctx)).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining('vault/apps/ci'),
    });
  });
});

describe('before the new key is deleted on the way back', () => {
  const prove = () => keepOldKey(issuer, identify()).compensate?.(null, null, ctx);

  test('the old one is proved to work', async () => {
    await expect(prove()).resolves.toBeUndefined();
  });

  test('and when it does not, the new one is kept: there would be none left', async () => {
    accepted = [NEW];
    await expect(prove()).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      hint: expect.stringContaining('The new key was kept'),
    });
  });
});
