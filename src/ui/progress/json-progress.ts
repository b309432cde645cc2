import type { SessionEvent } from '../../engine/session.ts';
import type { Progress } from './progress.ts';

/** One JSON object a line: for machines that follow a run. Outputs and plans stay in the journal. */
export function jsonProgress(write: (text: string) => void): Progress {
  return {
    onPreflight: (done, total) => write(JSON.stringify({ type: 'preflight', done, total })),
    onEvent: (event) => write(JSON.stringify(shown(event))),
    settle: async () => {},
    note: (text) => write(JSON.stringify({ type: 'note', text })),
  };
}

function shown(event: SessionEvent): unknown {
  switch (event.type) {
    case 'rotation.started':
      return { type: event.type, rotationId: event.rotationId, key: event.key };
    case 'step.intended':
    case 'step.done':
    case 'step.orphaned':
      return { type: event.type, step: event.step };
    default:
      return event;
  }
}
