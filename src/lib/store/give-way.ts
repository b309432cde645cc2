import { RotationError } from '../../core/errors/rotation-error.ts';

/** A secret whose versions are numbered without gaps, and whose readers take the newest. */
export interface NumberedVersions {
  /** The text of a version; undefined when it cannot be had any more. */
  textOf(version: number): Promise<string | undefined>;
  newest(): Promise<number | undefined>;
  /** Makes the next version of it; its number. */
  add(text: string): Promise<number>;
}

/**
 * In place of a compare-and-set, where there is none: the version a push has made is not the next one after the one
 * it was made of, so somebody has written between our look and our write. What they wrote becomes the newest version
 * again, as if ours had been refused.
 * @throws RotationError always: CONFLICT; INDETERMINATE when it cannot be said what readers get
 */
export async function giveWay(
  versions: NumberedVersions,
  { base, ours }: { readonly base: number; readonly ours: number },
  subject: string,
): Promise<never> {
  const theirs = ours - 1;
  // When ours is not the newest any more, somebody has won without our help.
  if ((await versions.newest()) === ours) {
    const text = await versions.textOf(theirs);
    const again = text === undefined ? undefined : await versions.add(text);
    if (again !== ours + 1) {
      throw new RotationError('INDETERMINATE', {
        subject,
        action: 'give way to what somebody else wrote meanwhile',
        reason: `versions ${base + 1} to ${again ?? ours} were written at the same time`,
        hint: 'Look which of them should be read, and write that value again; then run `keyturn resume`.',
      });
    }
  }
  throw new RotationError('CONFLICT', {
    subject,
    action: 'write the new value',
    reason: `somebody wrote version ${theirs} between our look and our write; theirs is what readers get`,
  });
}
