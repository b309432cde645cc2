import { resolve } from 'node:path';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Secret } from '../../core/secret.ts';
import { type CommandOutcome, runCommand } from './run-command.ts';

/** The validated shape of command-schema.ts. */
export interface CommandOptions {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly passEnv: readonly string[];
  readonly envFrom: Readonly<Record<string, string>>;
}

export interface Feed {
  /** Told to the program as KEYTURN_SERVICE. */
  readonly service: string;
  readonly env?: Readonly<Record<string, Secret>>;
  readonly stdin?: string;
  readonly signal: AbortSignal;
}

export interface PreparedCommand {
  /** Secrets it gets whoever it is run for: they must not be shown either. */
  readonly secrets: readonly Secret[];
  run(feed: Feed): Promise<CommandOutcome>;
}

/** Resolves the program's own secrets. @throws RotationError CONFIG_INVALID */
export async function prepareCommand(options: CommandOptions, ctx: OpenContext): Promise<PreparedCommand> {
  const own = await Promise.all(
    Object.entries(options.envFrom).map(async ([name, from]) => [name, await ctx.resolve(from)] as const),
  );
  return {
    secrets: own.map(([, secret]) => secret),
    run: ({ service, env = {}, stdin, signal }) =>
      runCommand({
        command: options.command,
        cwd: resolve(ctx.baseDir, options.cwd),
        env: {
          ...passedOn(options.passEnv),
          KEYTURN_SERVICE: service,
          ...revealed(Object.fromEntries(own)),
          ...revealed(env),
        },
        ...(stdin === undefined ? {} : { stdin }),
        timeoutMs: ctx.timeoutMs,
        signal,
      }),
  };
}

function passedOn(names: readonly string[]): Record<string, string> {
  const found = names.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function revealed(env: Readonly<Record<string, Secret>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, secret]) => [name, secret.reveal()]));
}
