import { boolean as booleanFlag, option as optionFlag } from '@oclif/core/flags';
import type { Dialog } from '../app/dialog.ts';
import type { RotationReport } from '../app/report.ts';
import type { Runtime } from '../app/runtime.ts';
import type { Operator } from '../core/operator.ts';
import { KeyturnCommand } from './base-command.ts';
import { listenForInterruption } from './interruption.ts';
import type { Progress, ProgressStyle } from './progress/progress.ts';
import type { Prompter } from './prompter.ts';

/** Flags of every command that drives a rotation. */
export const driveFlags = {
  'no-prompt': booleanFlag({ summary: 'Ask nothing; refuse, and name the flag, where an answer is needed.' }),
  progress: optionFlag({
    summary: 'How progress is shown on stderr.',
    options: ['auto', 'tasks', 'plain', 'json', 'none'] as const,
    default: 'auto',
  })(),
  wait: booleanFlag({
    summary: 'Stay while a soak, watch or grace period lasts, instead of leaving it paused with exit 6.',
  }),
  'new-key-stdin': booleanFlag({
    summary: 'Read the new key from stdin, for issuers whose keys a person makes.',
  }),
  'confirm-done': booleanFlag({
    summary: 'Say that the assisted step (deactivating by hand) has been done.',
  }),
};

export interface DriveFlags {
  readonly config: string;
  readonly 'no-prompt': boolean;
  readonly progress: 'auto' | ProgressStyle;
  readonly wait: boolean;
  readonly 'new-key-stdin': boolean;
  readonly 'confirm-done': boolean;
}

/** A command that drives a rotation: guided where there is a terminal, scripted where there is none. */
export abstract class RotationCommand extends KeyturnCommand {
  /** Composes the runtime, runs the use case, reports, and sets the exit code. */
  protected async drive(
    flags: DriveFlags,
    yes: boolean,
    useCase: (runtime: Runtime, dialog: Dialog) => Promise<RotationReport>,
  ): Promise<RotationReport> {
    const interruption = listenForInterruption(() =>
      this.logToStderr('Stopping after the step in hand; press Ctrl-C again to cancel it.'),
    );
    const { composeRuntime, useSharedFingerprints } = await import('../app/compose.ts');
    const progress = await this.progress(flags);
    try {
      const prompter = await this.prompter(flags, interruption.soft);
      const operator = await this.operator(flags, prompter);
      const runtime = await composeRuntime({
        configPath: flags.config,
        env: process.env,
        operator,
        interruption,
      });
      await useSharedFingerprints(runtime.storage);
      const report = await useCase(runtime, await this.dialog(flags, yes, progress, prompter));
      await progress.settle();
      await this.report(report);
      return report;
    } finally {
      await progress.settle();
      interruption.stop();
    }
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

  private async prompter(flags: DriveFlags, signal: AbortSignal): Promise<Prompter | undefined> {
    const alone =
      flags['no-prompt'] ||
      this.jsonEnabled() ||
      process.stdin.isTTY !== true ||
      process.stderr.isTTY !== true;
    if (alone) return undefined;
    const { terminalPrompter } = await import('./prompter.ts');
    return terminalPrompter(signal);
  }

  private async operator(flags: DriveFlags, prompter: Prompter | undefined): Promise<Operator> {
    const { absentOperator, confirmingOperator, stdinOperator } = await import('../app/stdin-operator.ts');
    const person =
      prompter === undefined
        ? absentOperator
        : (await import('./operators/terminal-operator.ts')).terminalOperator(
            prompter,
            (text) => this.logProgress(text),
            (process.env['SSH_CONNECTION'] ?? '') === '',
          );
    const confirms = flags['confirm-done']
      ? { ...person, confirmDone: confirmingOperator.confirmDone }
      : person;
    return flags['new-key-stdin'] ? stdinOperator(readStdin, confirms) : confirms;
  }

  private async dialog(
    flags: DriveFlags,
    yes: boolean,
    progress: Progress,
    prompter: Prompter | undefined,
  ): Promise<Dialog> {
    if (prompter === undefined) {
      const { scriptedDialog } = await import('./dialogs/scripted-dialog.ts');
      return scriptedDialog({ progress, yes, wait: flags.wait });
    }
    const { guidedDialog } = await import('./dialogs/guided-dialog.ts');
    return guidedDialog({ progress, prompter, print: (text) => this.logProgress(text), yes });
  }

  private async report(report: RotationReport): Promise<void> {
    const { renderReport } = await import('./render/render-report.ts');
    this.log(renderReport(report));
    this.exitWith(report.exitCode);
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
