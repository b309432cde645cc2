import type { PlanResult, RotationPlan } from '../../../src/app/plan/rotation-plan.ts';

const PLAN: RotationPlan = {
  planVersion: 1,
  key: 'shop-key',
  mode: 'replace',
  baseDir: '/srv/shop',
  issuer: { type: 'generated', timeoutMs: 1000, options: {} },
  current: null,
  policy: {
    deactivate: 'ask',
    soakMs: 0,
    watch: { forMs: 0, everyMs: 60_000 },
    graceMs: 0,
    delete: false,
    maxTargets: 100,
  },
  stores: {},
  waves: ['production'],
  targets: [
    {
      id: 'env/shop.env#KEY',
      store: 'env',
      ref: 'shop.env',
      parts: { KEY: 'value' },
      wave: 'production',
      fingerprints: { KEY: 'fp:000000000000' },
      restore: 'value',
    },
  ],
  services: [
    {
      name: 'shop',
      owner: null,
      wave: 'production',
      targets: ['env/shop.env#KEY'],
      reload: null,
      checks: [],
    },
  ],
  concurrency: 8,
  oldKeyId: null,
  principal: null,
};

/** A plan as preflight leaves it, with what a test wants otherwise. */
export function planResult(
  over: Partial<Omit<PlanResult, 'plan'>> & { readonly plan?: Partial<RotationPlan> } = {},
): PlanResult {
  return {
    acts: { create: 'local', deactivate: 'none', deletes: false },
    findings: [],
    pointOfNoReturn: null,
    ...over,
    plan: { ...PLAN, ...over.plan },
  };
}
