/** One line of docs/benchmarks.md. */
export interface BenchResult {
  readonly what: string;
  /** With its spread and unit. */
  readonly measured: string;
  /** Absent for what is told for information. */
  readonly target?: string;
  readonly holds?: boolean;
}

export function verdictOf({ holds }: BenchResult): string {
  if (holds === undefined) return '';
  return holds ? 'holds' : 'missed';
}

export function print(results: readonly BenchResult[]): void {
  const width = Math.max(...results.map(({ what }) => what.length));
  for (const result of results) {
    const target = result.target === undefined ? '' : `   target ${result.target}: ${verdictOf(result)}`;
    console.log(`${result.what.padEnd(width)}   ${result.measured}${target}`);
  }
}
