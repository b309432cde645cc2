import type { PJSON } from '@oclif/core/interfaces';

/** Where the commands are: `dist` and its manifest, or the sources. */
export interface Home {
  readonly root: string;
  readonly pjson: PJSON;
}
