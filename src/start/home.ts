import type { PJSON } from '@oclif/core/interfaces';

/** Where the commands are: `dist` and its manifest, or the sources. */
export interface Home {
  readonly root: string;
  readonly pjson: PJSON;
  /** Node's `import()`, lent by a real file: the package's own code is scripts. */
  readonly importModule?: (specifier: string) => Promise<Record<string, unknown>>;
}
