import { flush } from '@oclif/core/flush';
import { run } from '@oclif/core/run';
import { settings } from '@oclif/core/settings';
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
  try {
    await run([...argv], { root, pjson, userPlugins: false, devPlugins: false });
    await flush();
  } catch (error) {
    const silent = silentExitCode(error);
    if (silent !== undefined) process.exitCode = silent;
    else printFailure(await withSuggestion(error, home), argv.includes('--json') ? 'json' : 'text');
  }
}

async function withSuggestion(error: unknown, home: Home): Promise<unknown> {
  const wanted = error instanceof Error ? /^command (\S+) not found/i.exec(error.message)?.[1] : undefined;
  if (wanted === undefined) return error;
  const { unknownCommand } = await import('./unknown-command.ts');
  return unknownCommand(wanted, home);
}
