import { boolean as booleanFlag, option as optionFlag } from '@oclif/core/flags';
import type { Dialog } from '../app/dialog.ts';
import type { NewKeyTaker } from '../app/new-key-taker.ts';
import type { RotationReport } from '../app/report.ts';
import type { Runtime } from '../app/runtime.ts';
import type { ExitCode } from '../core/errors/exit-codes.ts';
import type { Operator } from '../core/operator.ts';
import { KeyturnCommand } from './base-command.ts';
import { describeFailure } from './failure.ts';
import { type InterruptionListener, listenForInterruption } from './interruption.ts';
import { withSameConfig } from './next-command.ts';
import { type FailureJson, failureJson, printFailure } from './print-failure.ts';
import type { Progress, ProgressStyle } from './progress/progress.ts';
import type { Prompter, TerminalPrompter } from './prompter.ts';

/** Flags of every command that drives a rotation, in either direction. */
export const backFlags = {
  'no-prompt': booleanFlag({ summary: 'Ask nothing; refuse, and name the flag, where an answer is needed.' }),
  progress: optionFlag({
    summary: 'How progress is shown on stderr.',
    options: ['auto', 'tasks', 'plain', 'json', 'none'] as const,
    default: 'auto',
  })(),
  wait: booleanFlag({
    summary: 'Stay while a soak, watch or grace period lasts, instead of leaving it paused with exit 6.',
  }),
  'confirm-done': booleanFlag({
    summary: 'Say that the assisted step (deactivating by hand) has been done.',
  }),
};

/** Flags of every command that may come to the point where a new key is needed. */
export const driveFlags = {
  ...backFlags,
  'new-key-stdin': booleanFlag({
    summary: 'Read the new key from stdin, for issuers whose keys a person makes.',
  }),
};

export interface DriveFlags {
  readonly config: string;
  readonly 'no-prompt': boolean;
  readonly progress: 'auto' | ProgressStyle;
  readonly wait: boolean;
  readonly 'new-key-stdin'?: boolean;
  readonly 'confirm-done': boolean;
}

/** What a command drives. */
export interface Drive {
  /** Begin without asking. */
  readonly yes: boolean;
  readonly useCase: (runtime: Runtime, dialog: Dialog) => Promise<RotationReport>;
  /** Where a key from stdin would go. Absent for what never takes one. */
  readonly taker?: (runtime: Runtime) => NewKeyTaker | Promise<NewKeyTaker>;
}

/** A command that drives a rotation: guided where there is a terminal, scripted where there is none. */
export abstract class RotationCommand extends KeyturnCommand {
  /** Composes the runtime, runs the use case, reports, and sets the exit code. */
  protected async drive(flags: DriveFlags, { yes, useCase, taker }: Drive): Promise<RotationReport> {
    const { composeRuntime } = await import('../app/compose.ts');
    const progress = await this.progress(flags);
    let prompter: TerminalPrompter | undefined;
    const interruption = listenForInterruption(() => {
      // A question just goes off the screen.
      if (prompter?.asking() !== true)
        progress.note('Stopping after the step in hand; press Ctrl-C again to cancel it.');
    });
    try {
      prompter = await this.prompter(flags, interruption);
      const newKey = once(async () => (await import('./read-new-key.ts')).readNewKey(process.stdin));
      const operator = await this.operator(flags, progress, prompter, newKey);
      const runtime = await composeRuntime({
        configPath: flags.config,
        env: process.env,
        operator,
        interruption,
      });
      if (flags['new-key-stdin'] === true && taker !== undefined) {
        await this.assertTakesNewKey(runtime, await taker(runtime), progress);
        // Before anything begins: an empty pipe must not cost a rotation.
        await newKey();
      }
      const told = await useCase(
        runtime,
        await this.dialog(flags, yes, progress, prompter, interruption.soft),
      );
      const report = { ...told, next: told.next.map((command) => withSameConfig(command, flags.config)) };
      await progress.settle();
      await this.report(report);
      return report;
    } finally {
      await progress.settle();
      interruption.stop();
    }
  }

  /** For a command that goes on after it: shown now, except with `--json`, where the answer holds it. */
  protected tellFailure(error: unknown): { readonly json: FailureJson; readonly exitCode: ExitCode } {
    const failure = this.jsonEnabled() ? describeFailure(error) : printFailure(error, 'text');
    return { json: failureJson(failure), exitCode: failure.exitCode };
  }

  private async progress(flags: DriveFlags): Promise<Progress> {
    const { createProgress, progressStyle } = await import('./progress/create-progress.ts');
    return createProgress(progressStyle(flags.progress, this.jsonEnabled()), (text) =>
      this.logProgress(text),
    );
  }

  /** Progress as JSON lines is asked for by name, so `--json` does not silence it. */
  private logProgress(text: string): void {
    process.stderr.write(`${this.redacted(text)}\n`);
  }

  private async prompter(
    flags: DriveFlags,
    { soft, interrupt }: InterruptionListener,
  ): Promise<TerminalPrompter | undefined> {
    const alone =
      flags['no-prompt'] ||
      this.jsonEnabled() ||
      process.stdin.isTTY !== true ||
      process.stderr.isTTY !== true;
    if (alone) return undefined;
    const { terminalPrompter } = await import('./prompter.ts');
    return terminalPrompter({ signal: soft, interrupt });
  }

  private async assertTakesNewKey(runtime: Runtime, taker: NewKeyTaker, progress: Progress): Promise<void> {
    const { assertTakesNewKey } = await import('../app/new-key-taker.ts');
    await assertTakesNewKey(runtime.catalog, taker);
    // No error: the same command, run again after a crash, carries on.
    if (taker.hasNewKey)
      progress.note('This rotation has its new key already; the one on stdin is not looked at.');
  }

  private async operator(
    flags: DriveFlags,
    progress: Progress,
    prompter: Prompter | undefined,
    newKey: () => Promise<string>,
  ): Promise<Operator> {
    const { absentOperator, confirmingOperator, stdinOperator } = await import('../app/stdin-operator.ts');
    const person = prompter === undefined ? absentOperator : await this.person(prompter, progress);
    const confirms = flags['confirm-done']
      ? { ...person, confirmDone: confirmingOperator.confirmDone }
      : person;
    return flags['new-key-stdin'] === true ? stdinOperator(newKey, confirms) : confirms;
  }

  private async person(prompter: Prompter, { settle }: Progress): Promise<Operator> {
    const { terminalOperator } = await import('./operators/terminal-operator.ts');
    const { withoutEcho } = await import('./without-echo.ts');
    return terminalOperator({
      prompter,
      print: (text) => this.logProgress(text),
      openPages: (process.env['SSH_CONNECTION'] ?? '') === '',
      settle,
      closed: (work) => withoutEcho(process.stdin, work),
    });
  }

  private async dialog(
    flags: DriveFlags,
    yes: boolean,
    progress: Progress,
    prompter: Prompter | undefined,
    signal: AbortSignal,
  ): Promise<Dialog> {
    if (prompter === undefined) {
      const { scriptedDialog } = await import('./dialogs/scripted-dialog.ts');
      return scriptedDialog({ progress, yes, wait: flags.wait, signal });
    }
    const { guidedDialog } = await import('./dialogs/guided-dialog.ts');
    return guidedDialog({ progress, prompter, print: (text) => this.logProgress(text), yes, signal });
  }

  private async report(report: RotationReport): Promise<void> {
    const { renderReport } = await import('./render/render-report.ts');
    this.log(renderReport(report));
    this.exitWith(report.exitCode);
  }
}

/** stdin can be read only once. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
