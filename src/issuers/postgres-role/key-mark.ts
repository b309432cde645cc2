/**
 * A role has no field of its own for who set its password, so a mark stands at the end of its comment (COMMENT ON ROLE),
 * behind whatever somebody else wrote there. It tells a key that keyturn made or switched off from a role at rest.
 */
export interface MarkedComment {
  /** The comment without the mark. */
  readonly text: string;
  /** The label of the key; '' for a key that keyturn has not made; undefined without a mark. */
  readonly label: string | undefined;
}

const MARK = /\s?\[keyturn(?: ([^\]]+))?\]$/;

export function readMark(comment: string | null): MarkedComment {
  const found = MARK.exec(comment ?? '');
  if (found === null) return { text: comment ?? '', label: undefined };
  return { text: (comment ?? '').slice(0, found.index), label: found[1] ?? '' };
}

/** Undefined: no comment at all. */
export function writeMark({ text, label }: MarkedComment): string | undefined {
  const mark = label === undefined ? '' : label === '' ? '[keyturn]' : `[keyturn ${label}]`;
  const comment = [text, mark].filter((part) => part !== '').join(' ');
  return comment === '' ? undefined : comment;
}

/** Labels of one rotation differ behind their last dot: a second attempt is the same rotation's. */
export function sameRotation(one: string | undefined, other: string): boolean {
  return one !== undefined && one !== '' && stem(one) === stem(other);
}

function stem(label: string): string {
  const dot = label.lastIndexOf('.');
  return dot === -1 ? label : label.slice(0, dot);
}
