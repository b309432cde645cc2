import { format } from 'node:util';
import { Command } from '@oclif/core/command';
import { boolean as booleanFlag } from '@oclif/core/flags';
import { ux } from '@oclif/core/ux';
import type { ExitCode } from '../core/errors/exit-codes.ts';
import { redactor } from '../lib/redactor.ts';
import { silentExitCode } from './failure.ts';
import { type PluginPage, renderPluginPage } from './plugin-page.ts';
import { printFailure, toJsonText } from './print-failure.ts';
import { type Column, renderTable } from './table.ts';

/** Colour is switched off where it is decided, from argv; the flag is only declared here. */
export const outputFlags = {
  'no-color': booleanFlag({
    summary: 'Print without colour.',
    description:
      'Colour is also off when NO_COLOR or FORCE_COLOR=0 is set, and when the output is not a terminal.',
    helpGroup: 'GLOBAL',
  }),
};

/**
 * What every command is made of: `run` parses, calls a use case, prints with `log` and returns the same as JSON.
 * Answers go to stdout, progress (`logToStderr`) to stderr, and everything through the redactor. An error that
 * leaves `run` is printed here, once, and becomes the exit code.
 */
export abstract class PlainCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = outputFlags;

  /** The answer, in text; silent with `--json`. */
  override log(message = '', ...args: unknown[]): void {
    if (!this.jsonEnabled()) ux.stdout(redactor.redact(format(message, ...args)));
  }

  /** Progress, for people; silent with `--json`. */
  override logToStderr(message = '', ...args: unknown[]): void {
    if (!this.jsonEnabled()) ux.stderr(redactor.redact(format(message, ...args)));
  }

  override logJson(json: unknown): void {
    ux.stdout(toJsonText(json));
  }

  override warn(input: Error | string): Error | string {
    this.logToStderr(`${ux.colorize('yellow', 'Warning')} ${input instanceof Error ? input.message : input}`);
    return input;
  }

  /** A table of at most 80 columns, its head in bold. */
  protected logTable(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    const [head = '', ...body] = renderTable(columns, rows);
    this.log(ux.colorize('bold', head));
    for (const line of body) this.log(line);
  }

  /** All there is to tell of one plug-in. */
  protected logPage(page: PluginPage): void {
    this.log(renderPluginPage(page, (text) => ux.colorize('bold', text)));
  }

  protected redacted(text: string): string {
    return redactor.redact(text);
  }

  /** The exit code of a run that ends as it should, but not with 0: paused, refused, rolled back. */
  protected exitWith(code: ExitCode): void {
    process.exitCode = code;
  }

  protected override async catch(error: unknown): Promise<void> {
    const silent = silentExitCode(error);
    if (silent === undefined) printFailure(error, this.jsonEnabled() ? 'json' : 'text');
    else process.exitCode = silent;
  }
}
