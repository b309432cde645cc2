import { describe, expect, it } from 'vitest';
import { issuerAccepts, oldKeyIdle } from '../../src/app/phases/issuer-evidence.ts';
import type { BoundPlan } from '../../src/app/plan/bound-plan.ts';
import type { ErrorCode } from '../../src/core/errors/codes.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { Issuer, Principal } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import { fakeIssuer } from '../steps/support/fake-issuer.ts';
import { contextWith } from '../steps/support/step-context.ts';

const OLD = { value: new Secret('the old key of the tests') };
const NEW = { value: new Secret('the new key of the tests') };
const OWNER: Principal = { id: 'p1', display: 'svc-shop' };

/** As much of a plan as the evidence of an issuer looks at. */
const boundTo = (issuer: Partial<Issuer>, principal: Principal | null = OWNER): BoundPlan =>
  ({
    plan: { principal },
    issuer: { issuer: { ...fakeIssuer(), ...issuer } },
    targets: [{ id: 'vault/a' }, { id: 'vault/b' }],
    services: [{ planned: { name: 'shop' } }],
  }) as unknown as BoundPlan;

const failing = (code: ErrorCode) => () =>
  Promise.reject(new RotationError(code, { subject: 'the issuer', reason: 'it said so' }));

describe('whether the issuer takes the new key', () => {
  const ask = async (identify: Issuer['identify']) => {
    const bound = boundTo(identify === undefined ? {} : { identify });
    return (await issuerAccepts(bound, NEW, await contextWith(OLD, NEW)))[0];
  };

  it('is shown with whose it is', async () => {
    const told = await ask(async () => OWNER);
    expect(told).toEqual({ verdict: 'pass', text: 'the issuer accepts the new key: svc-shop' });
  });

  it('is no when it refuses the key, and open when it could not be asked', async () => {
    expect(await ask(failing('UNAUTHENTICATED'))).toMatchObject({ verdict: 'fail' });
    expect(await ask(failing('UNAVAILABLE'))).toMatchObject({
      verdict: 'inconclusive',
      text: expect.stringContaining('it said so'),
    });
  });

  it('is not told by an issuer that knows nobody', async () => {
    expect(await ask(undefined)).toMatchObject({ verdict: 'info' });
  });

  it('is no evidence when it is we who stop, or a defect', async () => {
    await expect(ask(failing('ABORTED'))).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(ask(() => Promise.reject(new TypeError('a defect')))).rejects.toThrow('a defect');
  });
});

describe('whether the old key is idle', () => {
  const pushed = async (moments: Readonly<Record<string, string>>) => {
    const ctx = await contextWith(OLD, NEW);
    const output: typeof ctx.output = (step) => {
      const at = moments[step];
      return at === undefined ? ctx.output(step) : { at: Date.parse(at) };
    };
    return { ...ctx, output };
  };
  const asked: unknown[] = [];
  const ask = async (
    lastUsed: Issuer['lastUsed'] | undefined,
    { returnedAt, principal = OWNER }: { returnedAt?: string; principal?: Principal | null } = {},
  ) => {
    const { lastUsed: _own, ...mute } = fakeIssuer();
    const bound = boundTo({}, principal);
    const issuer = lastUsed === undefined ? mute : { ...mute, lastUsed };
    const ctx = await pushed({
      'push:vault/a': '2030-01-01T10:00:00Z',
      'push:vault/b': '2030-01-01T11:00:00Z',
      'reload:shop': '2030-01-01T11:10:00Z',
    });
    const of = { ...bound, issuer: { ...bound.issuer, issuer } } as BoundPlan;
    return (await oldKeyIdle(of, ctx, returnedAt))[0];
  };
  const at = (lastUsedAt: string | undefined, observed?: string): Issuer['lastUsed'] => {
    return async (ref) => {
      asked.push(ref);
      return { lastUsedAt, ...(observed === undefined ? {} : { observed }) };
    };
  };

  it.each<[string, string | undefined, string | undefined, string, string]>([
    ['it was never used', undefined, undefined, 'pass', 'never used'],
    ['nothing uses it at this moment', undefined, 'no session is open', 'pass', 'idle: no session is open'],
    ['its last use is before the last push', '2030-01-01T10:30:00Z', undefined, 'pass', 'before the last'],
    ['it was used until the reload was over', '2030-01-01T11:05:00Z', undefined, 'pass', 'before the last'],
    ['its last use is after the last reload', '2030-01-01T11:30:00Z', undefined, 'fail', 'still in use'],
  ])('is told: %s', async (_what, lastUsedAt, observed, verdict, words) => {
    const told = await ask(at(lastUsedAt, observed));
    expect(told).toMatchObject({ verdict, text: expect.stringContaining(words) });
  });

  it('leaves out our own proof of death, which used it until it came back to the gate', async () => {
    const used = at('2030-01-01T11:30:00Z');
    expect(await ask(used, { returnedAt: '2030-01-01T11:45:00Z' })).toMatchObject({ verdict: 'pass' });
    expect(await ask(used, { returnedAt: '2030-01-01T11:15:00Z' })).toMatchObject({ verdict: 'fail' });
  });

  it('is asked by the id, and by whose it is where that is known', async () => {
    asked.splice(0);
    await ask(at(undefined));
    await ask(at(undefined), { principal: null });
    expect(asked).toEqual([{ id: 'old-id', principal: OWNER }, { id: 'old-id' }]);
  });

  it('is open when the issuer does not tell, or could not be asked', async () => {
    expect(await ask(undefined)).toMatchObject({ verdict: 'info' });
    expect(await ask(failing('RATE_LIMITED'))).toMatchObject({ verdict: 'inconclusive' });
  });
});
