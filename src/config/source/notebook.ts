import type { Issue, IssueFile } from '../shape/issue.ts';
import type { Reading } from '../shape/reading.ts';
import { prefixIssues } from '../shape/shape.ts';
import type { PlacedIssue, Source } from './source.ts';

/** Keeps the files of an inventory, and every mistake with the file it stands in. */
export interface Notebook {
  readonly sources: readonly Source[];
  readonly issues: readonly PlacedIssue[];
  add(source: Omit<Source, 'index'>): Source;
  /** Reads something that stands at `path` in a file; what is noted meanwhile is noted there. */
  within<T>(file: IssueFile, read: (reading: Reading) => T, ...path: (string | number)[]): T;
  /** What names are read against from now on. */
  use(known: Omit<Reading, 'issues'>): void;
}

export function createNotebook(): Notebook {
  const sources: Source[] = [];
  const placed: PlacedIssue[] = [];
  const issues: Issue[] = [];
  let reading: Reading = { ...NOTHING_KNOWN, issues };

  return {
    sources,
    issues: placed,
    add: (source) => {
      const added = { ...source, index: sources.length };
      sources.push(added);
      return added;
    },
    within: (file, read, ...path) => {
      const result = read(reading);
      if (issues.length > 0) {
        if (path.length > 0) prefixIssues(reading, 0, ...path);
        placed.push(...issues.splice(0).map((issue) => ({ ...issue, file })));
      }
      return result;
    },
    use: (known) => {
      reading = { ...known, issues };
    },
  };
}

/** Enough for the top level of a file, which names nothing. */
const NOTHING_KNOWN: Omit<Reading, 'issues'> = {
  names: { stores: undefined, keys: undefined, waves: undefined },
  types: { stores: [], issuers: [], checks: [], reloads: [], notifiers: [] },
  optionsOf: () => undefined,
  issuerOf: () => undefined,
  partsOf: () => [],
};
