import type { Issue, IssueFile } from '../shape/issue.ts';

/** One file of the inventory. */
export interface Source extends IssueFile {
  /** Absolute. */
  readonly path: string;
  /** What it says; undefined when it could not be read at all. */
  readonly data: unknown;
  /** What is wrong with it as YAML or JSON. */
  readonly faults: readonly Fault[];
}

/** A mistake in the language of the file itself: its place is known, its path is not. */
export interface Fault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** An issue whose path begins at the top of a file. */
export interface PlacedIssue extends Issue {
  readonly file: IssueFile;
}
