import type { Version } from '../../core/plugins/store.ts';

export const CURRENT = 'AWSCURRENT';
export const PENDING = 'AWSPENDING';

/** Version id → the staging labels on it. */
export type Labels = ReadonlyMap<Version, readonly string[]>;

const STAGED = 'keyturn-staged-';
const ROLLBACK = 'keyturn-before-';

/** Holds a new version from its making to the moment it goes live. */
export function stagedLabel(version: Version): string {
  return `${STAGED}${version}`;
}

/**
 * Sits on the version that `version` has replaced. A version without any label may be removed by AWS at any time, and
 * AWSPREVIOUS is taken by whoever writes next; this label is nobody else's. Because it is named after the version it
 * leads back from, the way back is found even when the receipt of the push was lost.
 */
export function rollbackLabel(version: Version): string {
  return `${ROLLBACK}${version}`;
}

export function holderOf(labels: Labels, label: string): Version | undefined {
  for (const [version, held] of labels) if (held.includes(label)) return version;
  return undefined;
}

export function countLabels(labels: Labels): number {
  return [...labels.values()].reduce((sum, held) => sum + held.length, 0);
}

/** Pushes that can be taken back one after the other. AWS allows 20 labels a secret, and others need some. */
const KEPT = 5;

export interface HeldLabel {
  readonly label: string;
  readonly version: Version;
}

/**
 * Labels of ours that lead nowhere any more once `next` has replaced `base`: off the way back, or too far back on it.
 * What sits on `base` is left to the next push: it may belong to somebody who is just finding out that they lost.
 */
export function staleLabels(labels: Labels, base: Version, next: Version): readonly HeldLabel[] {
  const useful = new Set<string>();
  let version: Version | undefined = base;
  for (let steps = 1; version !== undefined && steps < KEPT; steps += 1) {
    useful.add(rollbackLabel(version));
    version = holderOf(labels, rollbackLabel(version));
  }
  const own = ownLabels(labels);
  for (const { label } of own.filter((held) => held.version === base)) {
    useful.add(label);
    if (label.startsWith(ROLLBACK)) useful.add(stagedLabel(label.slice(ROLLBACK.length)));
  }
  return own.filter(({ label, version: holder }) => holder !== next && !useful.has(label));
}

/** What is left of the push that made `pushed`. */
export function labelsOfPush(labels: Labels, pushed: Version): readonly HeldLabel[] {
  const names = [stagedLabel(pushed), rollbackLabel(pushed)];
  return ownLabels(labels).filter(({ label }) => names.includes(label));
}

function ownLabels(labels: Labels): HeldLabel[] {
  return [...labels].flatMap(([version, held]) =>
    held
      .filter((label) => label.startsWith(STAGED) || label.startsWith(ROLLBACK))
      .map((label) => ({ label, version })),
  );
}
