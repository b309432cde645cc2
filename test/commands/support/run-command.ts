import { Config, settings } from '@oclif/core';
import type { PJSON } from '@oclif/core/interfaces';
import { captureOutput } from '@oclif/test';
import pjson from '../../../package.json' with { type: 'json' };

/** Any command class of `commands/`. */
interface RunnableCommand {
  readonly prototype: unknown;
  id: string;
  run(argv: string[], config: Config): Promise<unknown>;
}

export interface CommandRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** stdout, parsed. */
  json(): unknown;
}

/** oclif without any command to discover: neither a build nor the other commands are needed. */
async function bareConfig(): Promise<Config> {
  settings.enableAutoTranspile = false;
  const { commands: _commands, ...oclif } = pjson.oclif;
  const root = new URL('../../..', import.meta.url).pathname;
  return Config.load({
    root,
    pjson: { ...pjson, oclif } as unknown as PJSON,
    userPlugins: false,
    devPlugins: false,
  });
}

/** Runs a command class as `bin/run.js` would, in this process, and gives what it printed and its exit code. */
export async function runCommand(
  command: RunnableCommand,
  id: string,
  argv: readonly string[],
): Promise<CommandRun> {
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const config = await bareConfig();
    command.id = id;
    const { stdout, stderr, error } = await captureOutput(() => command.run([...argv], config));
    if (error !== undefined) throw error;
    return { stdout, stderr, exitCode: Number(process.exitCode), json: () => JSON.parse(stdout) as unknown };
  } finally {
    process.exitCode = before;
  }
}
