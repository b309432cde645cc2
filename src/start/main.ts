import { flush } from '@oclif/core/flush';
import { run } from '@oclif/core/run';
import { settings } from '@oclif/core/settings';
import { RotationError } from '../core/errors/rotation-error.ts';
import { lendNativeImport } from '../lib/native-import.ts';
import { silentExitCode } from '../ui/failure.ts';
import { printFailure } from '../ui/print-failure.ts';
import type { Home } from './home.ts';

/**
 * Runs oclif on the command line. Nothing of the user's home can add commands or change the help: no user
 * plug-ins, no theme. Errors inside a command are the command's; those before one (an unknown name) end here.
 */
export async function main(argv: readonly string[], home: Home): Promise<void> {
  process.env['KEYTURN_DISABLE_THEME'] ??= '1';
  settings.enableAutoTranspile = false;
  const { root, pjson, importModule } = home;
  if (importModule !== undefined) lendNativeImport(importModule);
  const cut = () => cutShort(argv);
  process.on('exit', cut);
  try {
    await run([...argv], { root, pjson, userPlugins: false, devPlugins: false });
    // From here on all is done: whoever does not read to the end (`| head`) leaves us waiting, and that is no failure.
    process.off('exit', cut);
    await flush();
  } catch (error) {
    const silent = silentExitCode(error);
    if (silent !== undefined) process.exitCode = silent;
    else printFailure(await withSuggestion(error, home), modeOf(argv));
  } finally {
    process.off('exit', cut);
  }
}

/**
 * Node ends with 0 when nothing is left that could wake what is waited for, and so does a plug-in by somebody else that
 * calls `process.exit`. A script must not take that for success.
 */
function cutShort(argv: readonly string[]): void {
  if (process.exitCode !== undefined && process.exitCode !== 0) return;
  const reason = 'it ended before it was done: something it waited for never came, or a plug-in ended it';
  const hint = 'Look with `keyturn rotations` what is live; `keyturn resume` carries on what had begun.';
  printFailure(new RotationError('INTERNAL', { subject: 'the command', reason, hint }), modeOf(argv));
}

function modeOf(argv: readonly string[]): 'json' | 'text' {
  return argv.includes('--json') ? 'json' : 'text';
}

async function withSuggestion(error: unknown, home: Home): Promise<unknown> {
  const wanted = error instanceof Error ? /^command (\S+) not found/i.exec(error.message)?.[1] : undefined;
  if (wanted === undefined) return error;
  const { unknownCommand } = await import('./unknown-command.ts');
  return unknownCommand(wanted, home);
}
