import { ux } from '@oclif/core/ux';
import type { PlanResult } from '../../app/plan/rotation-plan.ts';
import { formatDuration } from '../../lib/duration.ts';

/** What becomes of the old key, in the order in which it happens, and until when it can be taken back. */
export function renderRetirement(result: PlanResult): string[] {
  const { acts } = result;
  const { policy, mode } = result.plan;
  const head = ux.colorize('bold', mode === 'contain' ? 'First: the leaked key' : 'Retire');
  if (policy.deactivate === 'never') {
    const left = acts.overlap === false ? 'the old key died when the new one was made' : LEFT_LIVE;
    return [head, `  ${left}`];
  }
  return [head, ...gateLines(result), ...deathLines(result), `  point of no return: ${noReturn(result)}`];
}

const LEFT_LIVE = 'the old key is left live (deactivate: never)';

function gateLines({ plan: { policy, mode, services } }: PlanResult): string[] {
  const checked = mode === 'contain' || services.some((service) => service.checks.length > 0);
  const soaks = mode === 'replace' && policy.soakMs > 0 && policy.deactivate !== 'now';
  return [
    ...(soaks ? [`  soak ${formatDuration(policy.soakMs)}`] : []),
    `  gate: ${gate(policy.deactivate === 'ask', checked)}`,
  ];
}

/** What no check has seen work is inconclusive, and opens no gate. */
function gate(asks: boolean, checked: boolean): string {
  if (asks) return 'asks, evidence first';
  return checked
    ? 'opens by itself when all evidence passes'
    : 'waits for `keyturn approve`, as no check sees the new key work';
}

const DEATH = {
  api: 'deactivate the old key, prove it dead',
  assisted: 'a person deactivates the old key, keyturn shows how and proves it dead',
  none: 'nothing to deactivate: prove that no readable store holds the old value',
} as const;

const DEAD_ALREADY = 'nothing to deactivate: prove the old key dead';

function deathLines({ plan: { policy, mode }, acts }: PlanResult): string[] {
  const lines = [`  ${acts.overlap === false ? DEAD_ALREADY : DEATH[acts.deactivate]}`];
  if (mode === 'contain' && acts.deactivate !== 'none')
    lines.push('  services that use it fail from then on, until the new key is pushed');
  if (policy.watch.forMs > 0)
    lines.push(
      `  watch for ${formatDuration(policy.watch.forMs)}, every ${formatDuration(policy.watch.everyMs)}`,
    );
  if (acts.deletes)
    lines.push(`  delete the old key${policy.graceMs > 0 ? ` after ${formatDuration(policy.graceMs)}` : ''}`);
  if (acts.deactivate === 'none')
    lines.push('  end: the sealed copy of the old value is destroyed, and it is forgotten');
  return lines;
}

function noReturn({ pointOfNoReturn, acts }: PlanResult): string {
  if (pointOfNoReturn !== null) return ux.colorize('red', pointOfNoReturn);
  return acts.deactivate === 'none'
    ? 'the end; until then, all can be taken back'
    : 'none; all can be taken back until the end';
}
