import { ConfigError } from './config-error.ts';
import type { Notebook } from './source/notebook.ts';

/** @throws ConfigError with every mistake that was noted */
export async function assertFaultless(notebook: Notebook, display: string, stateDir: string): Promise<void> {
  if (notebook.issues.length === 0 && notebook.sources.every(({ faults }) => faults.length === 0)) return;
  const { explainIssues } = await import('./explain-issues.ts');
  throw new ConfigError(display, await explainIssues(notebook), stateDir);
}
