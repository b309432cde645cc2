import { describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { giveWay, type NumberedVersions } from '../../src/lib/store/give-way.ts';

/** Version 1 is what a push was made of, 2 is theirs, 3 is ours. */
function history(over: Partial<NumberedVersions> = {}) {
  const texts = ['base', 'theirs', 'ours'];
  const versions: NumberedVersions = {
    textOf: async (version) => texts[version - 1],
    newest: async () => texts.length,
    add: async (text) => texts.push(text),
    ...over,
  };
  return { texts, give: () => giveWay(versions, { base: 1, ours: 3 }, 'store/secret') };
}

describe('what somebody wrote between a look and a write', () => {
  it('is the newest version again, and the push ends as if it had been refused', async () => {
    const { texts, give } = history();
    await expect(give()).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(texts).toEqual(['base', 'theirs', 'ours', 'theirs']);
  });

  it('is put back as well when a reader that lags behind does not show ours yet', async () => {
    for (const newest of [1, 2, undefined]) {
      const { texts, give } = history({ newest: async () => newest });
      await expect(give()).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(texts.at(-1)).toBe('theirs');
    }
  });

  it('is left alone when they have written once more', async () => {
    const { texts, give } = history({ newest: async () => 4 });
    await expect(give()).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(texts).toHaveLength(3);
  });

  const failing = async (): Promise<never> => {
    throw new RotationError('UNAVAILABLE', { subject: 'store/secret', reason: 'not now' });
  };

  it.each(['newest', 'textOf', 'add'] as const)(
    'never makes a push look unwritten when %s fails: ours is there',
    async (what) => {
      await expect(history({ [what]: failing }).give()).rejects.toMatchObject({
        code: 'INDETERMINATE',
        retryable: false,
        message: expect.stringContaining('not now'),
      });
    },
  );

  it('cannot be said when theirs is lost, or when their version is not the next one', async () => {
    for (const over of [{ textOf: async () => undefined }, { add: async () => 5 }])
      await expect(history(over).give()).rejects.toMatchObject({ code: 'INDETERMINATE' });
  });
});
