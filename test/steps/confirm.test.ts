import { beforeEach, describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { accepts, confirmed } from '../../src/steps/confirm.ts';
import { contextWith, type TestContext } from './support/step-context.ts';

const PROPAGATION = { confirmations: 3, intervalMs: 1000, deadlineMs: 10_000 };

let ctx: TestContext;
let asked: number;

beforeEach(async () => {
  ctx = await contextWith({ value: new Secret('old') });
  asked = 0;
});

/** Answers `y` and `n` in turn, the last one for ever. */
function answering(answers: string): () => Promise<boolean> {
  return async () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    return answer === 'y';
  };
}

describe('an eventually consistent issuer (the fresh key is refused for seconds, then now and then)', () => {
  it('is believed after three answers in a row', async () => {
    expect(await confirmed(answering('y'), PROPAGATION, ctx)).toBe(true);
    expect(asked).toBe(3);
  });

  it('is not believed for three answers that were not in a row', async () => {
    expect(await confirmed(answering('yynynyyy'), PROPAGATION, ctx)).toBe(true);
    expect(asked).toBe(8);
  });

  it('is asked until the deadline and no longer', async () => {
    const begun = ctx.clock.now();

    expect(await confirmed(answering('n'), PROPAGATION, ctx)).toBe(false);

    expect(ctx.clock.now() - begun).toBe(PROPAGATION.deadlineMs);
    expect(asked).toBe(11);
  });

  it('that goes on to waver is not confirmed', async () => {
    expect(await confirmed(answering('yynyynyynyynyyn'), PROPAGATION, ctx)).toBe(false);
  });

  it('is not asked again once a person asks to stop', async () => {
    const ask = async (): Promise<boolean> => {
      asked += 1;
      ctx.stop();
      return false;
    };

    await expect(confirmed(ask, PROPAGATION, ctx)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(asked).toBe(1);
  });
});

describe('whether a key is accepted', () => {
  const failing = (code: 'UNAUTHENTICATED' | 'UNAVAILABLE' | 'RATE_LIMITED' | 'TIMEOUT') => async () => {
    throw new RotationError(code, { subject: 'the issuer' });
  };

  it('is yes for an answer, and no for a refusal', async () => {
    expect(await accepts(async () => 'somebody')).toBe(true);
    expect(await accepts(failing('UNAUTHENTICATED'))).toBe(false);
  });

  it.each(['UNAVAILABLE', 'RATE_LIMITED', 'TIMEOUT'] as const)(
    'is neither when the issuer is in trouble (%s): a broken issuer proves no death',
    async (code) => {
      await expect(accepts(failing(code))).rejects.toMatchObject({ code });
    },
  );
});
