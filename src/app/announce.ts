import { isRotationError } from '../core/errors/rotation-error.ts';
import type { Notice, NoticeEvent, Notifier } from '../core/plugins/notifier.ts';
import { raceDeadline } from '../lib/http/race-deadline.ts';
import type { LiveKeys } from './live-keys.ts';
import { createPluginHost } from './plugin-host.ts';
import type { RotationReport } from './report.ts';
import type { Runtime } from './runtime.ts';

const EVENT_OF: Readonly<Record<RotationReport['status'], NoticeEvent | undefined>> = {
  done: 'done',
  'rolled-back': 'rolled-back',
  'rollback-incomplete': 'needs-person',
  stuck: 'needs-person',
  stopped: 'needs-person',
  'back-at-gate': 'needs-person',
  waiting: 'paused',
  'at-gate': 'paused',
  'needs-operator': 'paused',
  // Whoever pressed Ctrl-C knows.
  interrupted: undefined,
};

/** Tells the notifiers how a rotation stands. Gives the report, whatever becomes of the telling. */
export async function announceReport(
  runtime: Runtime,
  report: RotationReport,
  note: (text: string) => void,
): Promise<RotationReport> {
  const event = EVENT_OF[report.status];
  if (event === undefined) return report;
  const { rotationId, key, message, next } = report;
  await announce(runtime, { event, rotationId, key, message, live: liveLines(report.live), next }, note);
  return report;
}

/** Each notifier that wants to hear of it, at the same time. What fails is noted: a rotation does not fail for it. */
export async function announce(
  runtime: Runtime,
  notice: Omit<Notice, 'at'>,
  note: (text: string) => void,
): Promise<void> {
  const wanted = Object.entries(runtime.config.notifiers).filter(([, use]) => use.on.includes(notice.event));
  if (wanted.length === 0) return;
  const told: Notice = redacted({ ...notice, at: new Date(runtime.clock.now()).toISOString() }, runtime);
  const host = createPluginHost({ ...runtime, baseDir: runtime.config.baseDir });
  const failed = (name: string, error: unknown): void => {
    const why = isRotationError(error) || error instanceof Error ? error.message : String(error);
    note(runtime.redact(`Not told to ${name}: ${why}`));
  };
  try {
    await Promise.all(
      wanted.map(async ([name, use]) => {
        const { hard: signal } = runtime.interruption;
        const about = { subject: `notifier ${name}`, action: 'send the notice', signal };
        try {
          // Whatever a notifier waits for: a rotation does not wait for it longer than this.
          await raceDeadline({ ...about, timeoutMs: use.timeoutMs }, async () => {
            const notifier: Notifier = await host.notifier(name, use);
            await notifier.notify(told, { signal: about.signal });
          });
        } catch (error) {
          failed(name, error);
        }
      }),
    );
  } finally {
    await host.closeAll();
  }
}

function liveLines({ oldKey, newKey, targets }: LiveKeys): string[] {
  const named = ({ id, state }: LiveKeys['oldKey']): string => (id === null ? state : `${state} (${id})`);
  return [
    `old key: ${named(oldKey)}`,
    `new key: ${named(newKey)}`,
    `targets: ${targets.holdNew} of ${targets.total} hold the new key`,
  ];
}

/** It leaves the house: nothing that a system has said may carry a value with it. */
function redacted(notice: Notice, { redact }: Runtime): Notice {
  return { ...notice, message: redact(notice.message), live: notice.live.map((line) => redact(line)) };
}
