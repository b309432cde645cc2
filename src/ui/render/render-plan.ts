import { ux } from '@oclif/core/ux';
import type { KeyActs, PlannedTarget, PlanResult } from '../../app/plan/rotation-plan.ts';
import { renderFinding } from './render-finding.ts';
import { renderRetirement } from './render-retirement.ts';

/** A screenful; the whole is in `--json` and `--out`. */
const SHOWN = 40;

const UNDO = {
  version: 'version brought back',
  value: 'old value written back (kept sealed)',
  none: 'NOT restorable by keyturn',
} as const;

/** Of a push; where the value can be read nothing needs to be said. */
const PROOF = {
  'read-back': 'read back',
  timestamp: 'the time of the last update, as the store tells it',
  none: 'none; the gate says so, and does not open by itself',
} as const;

const MAKER: Readonly<Record<KeyActs['create'], (issuer: string) => string>> = {
  api: (issuer) => `made by ${issuer} when the rotation begins`,
  local: () => 'made by keyturn when the rotation begins',
  assisted: (issuer) => `made by a person at ${issuer}; keyturn asks for it`,
};

const NO_OVERLAP =
  '               the old one dies at that moment: services fail until they have it, and nothing goes back';

/** What a rotation would do, wave by wave, and what speaks against it. */
export function renderPlan(result: PlanResult): string {
  const { plan } = result;
  const lines = [
    `${ux.colorize('bold', `Plan for ${plan.key}`)} (${plan.mode}), issuer ${plan.issuer.type}`,
    `  current key  ${plan.oldKeyId ?? 'not known'}${plan.principal === null ? '' : `, acts as ${plan.principal.display}`}`,
    `  new key      ${MAKER[result.acts.create](plan.issuer.type)}`,
    ...(result.acts.overlap === false ? [NO_OVERLAP] : []),
  ];
  const waves = plan.waves.flatMap((wave) => ['', ...renderWave(result, wave)]);
  const retirement = ['', ...renderRetirement(result)];
  // A contained leak dies before anything else.
  lines.push(...(plan.mode === 'contain' ? [...retirement, ...waves] : [...waves, ...retirement]));
  if (result.findings.length > 0)
    lines.push('', ux.colorize('bold', 'Preflight'), ...result.findings.map(renderFinding));
  return lines.join('\n');
}

function renderWave({ plan }: PlanResult, wave: string): string[] {
  const targets = plan.targets.filter((target) => target.wave === wave);
  const services = plan.services.filter((service) => service.wave === wave);
  const lines = [ux.colorize('bold', `Wave ${wave}`)];
  for (const target of targets.slice(0, SHOWN)) lines.push(...renderTarget(target));
  if (targets.length > SHOWN) lines.push(`  … and ${targets.length - SHOWN} more targets`);
  for (const service of services.slice(0, SHOWN)) {
    const reload = service.reload === null ? 'no reload' : `reload by ${service.reload.type}`;
    const checks =
      service.checks.length === 0
        ? 'no check'
        : `checked by ${service.checks.map((check) => check.name).join(', ')}`;
    lines.push(
      `  service ${service.name}: ${reload}, ${checks}${service.owner === null ? '' : `, owner ${service.owner}`}`,
    );
  }
  if (services.length > SHOWN) lines.push(`  … and ${services.length - SHOWN} more services`);
  return lines;
}

function renderTarget(target: PlannedTarget): string[] {
  const { fingerprints, offers } = target;
  const parts = Object.values(target.parts).join(', ');
  if (fingerprints === null && offers === undefined)
    return [`  push ${target.id}`, `       could not be looked at; writes the new ${parts}`];
  const now = fingerprints === null ? nothingSeen(offers) : Object.values(fingerprints).join(', ');
  return [
    `  push ${target.id}`,
    `       now ${now}; writes the new ${parts}`,
    ...(offers === undefined || offers.readable ? [] : [`       proof: ${PROOF[offers.evidence]}`]),
    `       undo: ${undoOf(target)}`,
  ];
}

/** Of a slot without a fingerprint. */
function nothingSeen(offers: PlannedTarget['offers']): string {
  return offers?.readable === true ? 'nothing is there' : 'cannot be read';
}

function undoOf({ fingerprints, restore }: PlannedTarget): string {
  if (fingerprints !== null || restore !== 'value') return UNDO[restore];
  return 'the current key written there, on the word of the config that it holds it';
}
