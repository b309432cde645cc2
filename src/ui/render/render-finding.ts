import { ux } from '@oclif/core/ux';
import type { Finding } from '../../core/finding.ts';

const MARK = { error: 'x', warning: '!', info: '-' } as const;
const COLOR = { error: 'red', warning: 'yellow', info: 'dim' } as const;

/** A finding, its hint below it. */
export function renderFinding(finding: Finding): string {
  const head = `  ${ux.colorize(COLOR[finding.severity], MARK[finding.severity])} ${finding.subject}: ${finding.message}`;
  return finding.hint === undefined ? head : `${head}\n      ${finding.hint}`;
}
