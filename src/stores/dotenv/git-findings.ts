import { basename, dirname } from 'node:path';
import type { Finding } from '../../core/finding.ts';
import { type CommandOutcome, runCommand } from '../../lib/process/run-command.ts';

/**
 * A file under version control keeps its old values for ever, and its new one goes there with the next commit. Silent
 * where there is no git or no repository.
 */
export async function gitFindings(
  path: string,
  subject: string,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<readonly Finding[]> {
  const git = (...args: string[]): Promise<CommandOutcome> =>
    runCommand({
      // A repository's own configuration must not run programs because we look at it.
      command: ['git', '-c', 'core.fsmonitor=false', ...args, '--', basename(path)],
      cwd: dirname(path),
      env: { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
      ...limits,
    });
  const warning = { severity: 'warning', code: 'REFUSED', subject } as const;

  if ((await git('ls-files', '--error-unmatch')).exitCode === 0) {
    const message =
      'it is tracked by git: the old value stays in the history, and the new one goes there next';
    return [{ ...warning, message, hint: 'Untrack it (`git rm --cached`) and ignore it.' }];
  }
  // 0: ignored; 1: not ignored; anything else: no repository.
  if ((await git('check-ignore', '-q')).exitCode === 1) {
    const message = 'git does not ignore it: the next `git add .` would commit the new value';
    return [{ ...warning, message, hint: 'Add it to .gitignore.' }];
  }
  return [];
}
