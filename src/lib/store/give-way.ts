import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';

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
  const again = await putBack(versions, { theirs, ours }).catch((cause: unknown) => {
    // Ours has been written: whatever goes wrong now, it must not pass for a write that may be sent again.
    if (!isRotationError(cause)) throw cause;
    throw unclear({ base, last: ours }, subject, cause);
  });
  if (again !== undefined && again !== ours + 1) throw unclear({ base, last: again }, subject);
  throw new RotationError('CONFLICT', {
    subject,
    action: 'write the new value',
    reason: `somebody wrote version ${theirs} between our look and our write; theirs is what readers get`,
  });
}

/** The number under which their text is the newest again; undefined when somebody has won without our help. */
async function putBack(
  versions: NumberedVersions,
  { theirs, ours }: { readonly theirs: number; readonly ours: number },
): Promise<number | undefined> {
  const newest = await versions.newest();
  // An older one than ours is a reader that lags behind, and says nothing of what comes after.
  if (newest !== undefined && newest > ours) return undefined;
  const text = await versions.textOf(theirs);
  return text === undefined ? ours : versions.add(text);
}

function unclear(
  { base, last }: { readonly base: number; readonly last: number },
  subject: string,
  cause?: RotationError,
): RotationError {
  const because = cause === undefined ? '' : ` (${cause.message})`;
  return new RotationError(
    'INDETERMINATE',
    {
      subject,
      action: 'give way to what somebody else wrote meanwhile',
      reason: `versions ${base + 1} to ${last} were written at the same time${because}`,
      hint: 'Look which of them should be read, and write that value again; then run `keyturn resume`.',
    },
    cause === undefined ? {} : { cause },
  );
}
