import { ux } from '@oclif/core/ux';
import type { EvidenceItem } from '../../core/phase.ts';

const MARK = { pass: '+', fail: 'x', inconclusive: '?', info: '-' } as const;
const COLOR = { pass: 'green', fail: 'red', inconclusive: 'yellow', info: 'dim' } as const;

export function renderEvidence(evidence: readonly EvidenceItem[]): string {
  const lines = evidence.map(
    (item) => `  ${ux.colorize(COLOR[item.verdict], MARK[item.verdict])} ${item.text}`,
  );
  return [ux.colorize('bold', 'Evidence'), ...lines].join('\n');
}
