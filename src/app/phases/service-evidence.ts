import type { Credential } from '../../core/credential.ts';
import type { EvidenceItem } from '../../core/phase.ts';
import type { CheckResult } from '../../core/plugins/check.ts';
import type { StepContext } from '../../core/step.ts';
import { runPool } from '../../engine/pool.ts';
import type { NamedCheck } from '../../steps/check.ts';
import type { BoundPlan } from '../plan/bound-plan.ts';
import { evidenceError } from './evidence-error.ts';
import { count, some } from './names.ts';

/** Every check passes with the new key. */
export async function serviceEvidence(
  bound: BoundPlan,
  key: Credential,
  ctx: StepContext,
): Promise<EvidenceItem[]> {
  const checks = bound.services.flatMap((service) => service.checks);
  if (checks.length === 0) {
    return [
      {
        verdict: 'inconclusive',
        text: 'no service has a check: nothing but the issuer has seen the new key work',
      },
    ];
  }
  const items: EvidenceItem[] = [];
  let passed = 0;
  await runPool(
    checks,
    bound.plan.concurrency,
    async (named) => {
      const { verdict, summary } = await asked(named, key, ctx);
      if (verdict === 'pass') passed += 1;
      else items.push({ verdict, text: `${named.service} (${named.name}): ${summary}` });
    },
    () => ctx.signal.aborted,
  );
  if (passed > 0)
    items.unshift({
      verdict: 'pass',
      text: `${count(passed, 'check')} of ${checks.length} pass with the new key`,
    });
  const unchecked = bound.services
    .filter((service) => service.checks.length === 0)
    .map((service) => service.planned.name);
  if (unchecked.length > 0) items.push({ verdict: 'info', text: `without a check: ${some(unchecked)}` });
  return items;
}

/** A check that throws has not been carried out: it says nothing of the service. */
async function asked(
  { service, check }: NamedCheck,
  credential: Credential,
  ctx: StepContext,
): Promise<Pick<CheckResult, 'verdict' | 'summary'>> {
  try {
    return await check.run({ service, credential }, ctx);
  } catch (error) {
    const { code, message, hint } = evidenceError(error);
    return { verdict: 'inconclusive', summary: `could not be asked (${code}). ${message}. ${hint}` };
  }
}
