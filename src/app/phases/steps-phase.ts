import type { StepsPhase } from '../../core/phase.ts';
import type { Step } from '../../core/step.ts';

export function stepsPhase(
  id: string,
  title: string,
  steps: readonly Step[],
  onFailure: StepsPhase['onFailure'],
  concurrency = 1,
): StepsPhase {
  return { kind: 'steps', id, title, steps, concurrency, onFailure };
}
