import type { Issuer, ReplacedKey } from '../../core/plugins/issuer.ts';
import type { BoundPlan } from '../plan/bound-plan.ts';

/** The issuer of a plan, which hears with each new key it makes which one that key is for. */
export function replacingIssuer({ plan, issuer: { issuer } }: BoundPlan): Issuer {
  const { oldKeyId, principal } = plan;
  if (oldKeyId === null) return issuer;
  const replaces: ReplacedKey = { id: oldKeyId, ...(principal === null ? {} : { principal }) };
  return { ...issuer, createKey: (label, ctx) => issuer.createKey(label, { ...ctx, replaces }) };
}
