import { basename, dirname } from 'node:path';
import type { Finding } from '../../core/finding.ts';
import { runCommand } from '../process/run-command.ts';

/**
 * A file under version control keeps its old values for ever, and its new one goes there with the next commit. Silent
 * where there is no git or no repository.
 */
export async function gitFindings(
  path: string,
  subject: string,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<readonly Finding[]> {
  const { exitCode, stdout } = await runCommand({
    // A repository's own configuration must not run programs because we look at it.
    command: [
      'git',
      '-c',
      'core.fsmonitor=false',
      ...TRACKED_OR_NOT_IGNORED,
      '--',
      `:(literal)${basename(path)}`,
    ],
    cwd: dirname(path),
    env: { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    ...limits,
  });
  // Nothing for a file that is ignored.
  if (exitCode !== 0 || stdout === '') return [];
  const warning = { severity: 'warning', code: 'REFUSED', subject } as const;
  if (!stdout.startsWith('?')) {
    const message =
      'it is tracked by git: the old value stays in the history, and the new one goes there next';
    return [{ ...warning, message, hint: 'Untrack it (`git rm --cached`) and ignore it.' }];
  }
  const message = 'git does not ignore it: the next `git add .` would commit the new value';
  return [{ ...warning, message, hint: 'Add it to .gitignore.' }];
}

/** Answers with `? NAME` for a file that is neither tracked nor ignored, with another letter for one that is tracked. */
const TRACKED_OR_NOT_IGNORED = ['ls-files', '-t', '--cached', '--others', '--exclude-standard'];
