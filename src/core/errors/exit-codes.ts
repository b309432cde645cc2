/** Process exit codes; documented in docs/exit-codes.md and pinned by a test. */
export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  refused: 3,
  rolledBack: 4,
  needsPerson: 5,
  paused: 6,
  locked: 7,
  planOutOfDate: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
