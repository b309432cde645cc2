import type { Credential } from '../core/credential.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { JsonObject } from '../core/json.ts';
import type { Check } from '../core/plugins/check.ts';
import type { Step, StepContext } from '../core/step.ts';
import { newKey } from './material.ts';

/** A check of one service, opened and named. */
export interface NamedCheck {
  readonly service: string;
  readonly name: string;
  readonly check: Check;
}

/**
 * The service works with the new key. `round` tells the checks of a watch from each other and from those after
 * the push.
 */
export function checkWithNewKey(named: NamedCheck, round?: string): Step<null, JsonObject> {
  const id = `${round ?? 'check'}:${named.service}/${named.name}`;
  return {
    id,
    effect: 'none',
    describe: () => ({ title: `Check ${named.service} (${named.name})` }),
    run: async (_prepared, ctx) => passOrThrow(named, await newKey(ctx), ctx),
  };
}

/** @throws RotationError CHECK_FAILED when it fails, and when it is inconclusive */
export async function passOrThrow(
  named: NamedCheck,
  credential: Credential,
  ctx: StepContext,
): Promise<JsonObject> {
  const result = await named.check.run({ service: named.service, credential }, ctx);
  if (result.verdict === 'pass')
    return { verdict: result.verdict, summary: result.summary, evidence: result.evidence };
  throw new RotationError('CHECK_FAILED', {
    subject: `service ${named.service}, check ${named.name}`,
    reason: result.verdict === 'fail' ? result.summary : `inconclusive: ${result.summary}`,
  });
}
