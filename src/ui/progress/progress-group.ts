import type { RotationState } from '../../core/rotation/state.ts';
import type { SessionEvent } from '../../engine/session.ts';

/** Steps of one kind, shown as one line with a counter however many they are. */
export interface ProgressGroup {
  readonly title: string;
  /** 0 when there is only one. */
  readonly total: number;
}

const TITLES: Readonly<Record<string, string>> = {
  'capture-old-key': 'Seal the old key',
  'create-key': 'Make the new key',
  'verify-key': 'Verify the new key with its issuer',
  'keep-old-key': 'Keep the old key live',
  guard: 'Guard the services',
  push: 'Push the new key',
  reload: 'Reload the services',
  check: 'Check the services',
  'deactivate-key': 'Deactivate the old key',
  'prove-dead': 'Prove the old key dead',
  'delete-key': 'Delete the old key',
  tidy: 'Tidy up',
};

/** The group a step's event belongs to; undefined for events that are no step's. */
export function groupOf(event: SessionEvent, state: RotationState): ProgressGroup | undefined {
  if (!('step' in event)) return undefined;
  const colon = event.step.indexOf(':');
  const kind = colon === -1 ? event.step : event.step.slice(0, colon);
  const back = BACK.has(event.type);
  const title = kind.startsWith('watch-')
    ? `Watch, round ${kind.slice('watch-'.length)}`
    : (TITLES[kind] ?? kind);
  return { title: back ? `Take back: ${title.toLowerCase()}` : title, total: totalOf(kind, state) };
}

/** Counted once a rotation and kind: a plan may have ten thousand targets. */
function totalOf(kind: string, state: RotationState): number {
  const plan = state.plan as unknown as {
    readonly targets: readonly unknown[];
    readonly services: readonly { readonly checks: readonly unknown[]; readonly reload: unknown }[];
  };
  if (kind === 'push') return plan.targets.length;
  if (kind === 'reload') return plan.services.filter((service) => service.reload !== null).length;
  if (kind === 'guard') return plan.services.length;
  if (kind !== 'check' && !kind.startsWith('watch-')) return 0;
  return plan.services.reduce((sum, service) => sum + service.checks.length, 0);
}

/** Whether the event settles a step. */
export function settles(event: SessionEvent): boolean {
  return SETTLING.has(event.type);
}

type EventType = SessionEvent['type'];

const BACK: ReadonlySet<EventType> = new Set([
  'step.compensating',
  'step.compensated',
  'step.not-compensated',
]);

const SETTLING: ReadonlySet<EventType> = new Set([
  'step.done',
  'step.compensated',
  'step.failed',
  'step.stuck',
  'step.not-compensated',
]);
