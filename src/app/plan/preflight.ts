import { type Credential, type Fields, fingerprints } from '../../core/credential.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Principal } from '../../core/plugins/issuer.ts';
import { slotOffers } from '../../core/plugins/slot-offers.ts';
import type { RestoreKind, SlotOffers, StoredSecret } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { runPool } from '../../engine/pool.ts';
import { assertExpected } from '../../lib/store/guarded-store.ts';
import type { BoundPlan, BoundTarget } from './bound-plan.ts';
import { type AskCurrent, type CurrentKey, givenParts, identified, partsOf } from './current-key.ts';
import { sizeFindings } from './size-findings.ts';

export interface Preflight {
  readonly findings: readonly Finding[];
  /** Target id → what is there now. */
  readonly seen: ReadonlyMap<string, SeenTarget>;
  readonly current: CurrentKey | undefined;
  readonly principal: Principal | undefined;
}

export interface SeenTarget {
  readonly fingerprints: Fields<string> | null;
  readonly restore: RestoreKind;
  readonly offers: SlotOffers;
}

export interface PreflightSettings {
  readonly resolve: (reference: string) => Promise<Secret>;
  /** A target that holds another value than the others is a warning instead of an error. */
  readonly acceptDrift: boolean;
  /** Undefined where nobody is there, or where nothing is asked (`plan`). */
  readonly askCurrent: AskCurrent | undefined;
  readonly progress: (done: number, total: number) => void;
}

/** Looks at everything a rotation will touch, changes nothing, and tells all it finds at once. */
export async function preflight(
  bound: BoundPlan,
  settings: PreflightSettings,
  ctx: CallContext,
): Promise<Preflight> {
  const findings: Finding[] = [...limitFindings(bound)];
  await collect(findings, 'stores', () => storeIdentities(bound, findings, ctx));
  const looked = await lookAtTargets(bound, findings, settings, ctx);
  const current = await collect(findings, `key ${bound.plan.key}`, async () => {
    const given = await givenParts(bound, settings.resolve);
    return identified(bound, { ...looked.parts, ...given }, settings.askCurrent);
  });
  if (current === undefined) return { findings, seen: looked.seen, current, principal: undefined };

  const example = await collect(findings, `key ${bound.plan.key}`, () => exampleKey(bound, ctx));
  findings.push(...sizeFindings(bound.targets, [current.key, ...(example ?? [])]));
  findings.push(...driftFindings(bound, looked.seen, current.key, settings.acceptDrift));
  const principal = await askIssuer(bound, current.key, findings, ctx);
  await baseline(bound, current.key, findings, ctx);
  return { findings, seen: looked.seen, current, principal };
}

/** A key as keyturn makes it here, to be forgotten; none where somebody else makes keys, for it would be one too many. */
async function exampleKey(
  { issuer: { issuer, capabilities }, plan }: BoundPlan,
  ctx: CallContext,
): Promise<Credential[]> {
  if (capabilities.create !== 'local') return [];
  return [(await issuer.createKey(`${plan.key}, an example`, ctx)).credential];
}

function limitFindings(bound: BoundPlan): Finding[] {
  const { targets, policy, key } = bound.plan;
  const { deactivateKey, identify, overlap } = bound.issuer.issuer;
  const { mode } = bound.plan;
  const livesOn = deactivateKey === undefined && overlap !== false;
  // Options decide as well what can be switched off; and a new key that kills the old one at once contains a leak.
  if (mode === 'contain' && livesOn) {
    return [
      error(
        'REFUSED',
        `key ${key}`,
        'contain mode kills the key first, and this issuer has nothing to switch off',
        'Use `--mode replace --deactivate now`: the value is dead once no service holds it.',
      ),
    ];
  }
  if (bound.plan.mode === 'contain' && policy.deactivate === 'never') {
    return [
      error(
        'REFUSED',
        `key ${key}`,
        'contain mode kills the key first, and its policy is to switch it off `never`',
        'Say it for this rotation: `--deactivate ask` or `--deactivate now`.',
      ),
    ];
  }
  if (targets.length === 0) {
    return [
      error(
        'CONFIG_INVALID',
        `key ${key}`,
        'it has no targets',
        'Say where it lives: `targets` of the key, or `from` of a service.',
      ),
    ];
  }
  if (targets.length <= policy.maxTargets)
    return livesOn && identify !== undefined && policy.deactivate !== 'never' ? [diesByItself(key)] : [];
  const message = `${targets.length} targets are more than policy.maxTargets (${policy.maxTargets})`;
  return [error('REFUSED', `key ${key}`, message, 'Raise policy.maxTargets if this is meant.')];
}

/** Some APIs kill the old key when they make the next one, and only their users know. */
function diesByItself(key: string): Finding {
  return {
    severity: 'warning',
    code: 'REFUSED',
    subject: `key ${key}`,
    message: 'nothing switches the old key off, and the rotation ends only when its issuer refuses it',
    hint: 'Let the config describe how the old key is deactivated, or keep it live with `--deactivate never`.',
  };
}

async function storeIdentities(bound: BoundPlan, findings: Finding[], ctx: CallContext): Promise<void> {
  for (const [name, { store }] of bound.stores) {
    await collect(findings, `store ${name}`, async () => {
      assertExpected(await store.whoami(ctx), name, bound.plan.stores[name]?.expect ?? {});
    });
  }
}

interface Looked {
  readonly seen: ReadonlyMap<string, SeenTarget>;
  /** The parts of the first readable targets. */
  readonly parts: Credential;
}

async function lookAtTargets(
  bound: BoundPlan,
  findings: Finding[],
  settings: PreflightSettings,
  ctx: CallContext,
): Promise<Looked> {
  const seen = new Map<string, SeenTarget>();
  const partsAt = new Map<string, Credential>();
  let done = 0;
  await runPool(
    bound.targets,
    bound.plan.concurrency,
    async (target) => {
      const found = await collect(findings, target.id, () => lookAt(target, findings, ctx));
      if (found !== undefined) {
        const { stored, ...slot } = found;
        seen.set(target.id, {
          ...slot,
          fingerprints: stored === undefined ? null : fingerprints(stored.fields),
        });
        if (stored !== undefined) partsAt.set(target.id, partsOf(target, stored));
      }
      done += 1;
      settings.progress(done, bound.targets.length);
    },
    () => ctx.signal.aborted,
  );
  ctx.signal.throwIfAborted();
  // In their order, as the rotation will take them: not in the order of who answered first.
  const parts: Record<string, Secret> = {};
  for (const { id } of [...bound.targets].reverse()) Object.assign(parts, partsAt.get(id));
  return { seen, parts };
}

async function lookAt(
  target: BoundTarget,
  findings: Finding[],
  ctx: CallContext,
): Promise<Omit<SeenTarget, 'fingerprints'> & { stored: StoredSecret | undefined }> {
  const report = await target.store.preflight(target.slot, ctx);
  findings.push(...report.findings);
  const offers = slotOffers(target.opened.capabilities, report);
  const stored = offers.readable ? await target.store.read(target.slot, ctx) : undefined;
  if (report.restore === 'none') {
    const hint = 'If the rotation fails after this push, write the old value back by hand.';
    findings.push({
      severity: 'warning',
      code: 'REFUSED',
      subject: target.id,
      message: 'its old value cannot be restored by keyturn',
      hint,
    });
  }
  if (offers.readable && report.findings.every((finding) => finding.severity !== 'error')) {
    const missing = target.slot.fields.filter((field) => stored?.fields[field] === undefined);
    if (missing.length > 0) findings.push(missingField(target, missing));
  }
  return { stored, restore: report.restore, offers };
}

function missingField(target: BoundTarget, fields: readonly string[]): Finding {
  const names = fields.filter((field) => field !== '').join(', ');
  const message = names === '' ? 'the slot is not there or is empty' : `there is no value at ${names}`;
  return error('NOT_FOUND', target.id, message, 'Correct the target, or put the current key there first.');
}

function driftFindings(
  bound: BoundPlan,
  seen: ReadonlyMap<string, SeenTarget>,
  key: Credential,
  accepted: boolean,
): Finding[] {
  const expected = fingerprints(key);
  return bound.targets.flatMap((target) => {
    const now = seen.get(target.id)?.fingerprints;
    if (now === null || now === undefined) return [];
    const differs = Object.entries(target.parts).filter(
      ([field, part]) => now[field] !== undefined && now[field] !== expected[part],
    );
    if (differs.length === 0) return [];
    const finding = error(
      'DRIFT',
      target.id,
      'it holds another value than the other targets: another key, or one that was forgotten',
      'If this slot is right, pass --accept-drift; else correct the target.',
    );
    return { ...finding, severity: accepted ? ('warning' as const) : ('error' as const) };
  });
}

async function askIssuer(
  bound: BoundPlan,
  key: Credential,
  findings: Finding[],
  ctx: CallContext,
): Promise<Principal | undefined> {
  const { issuer } = bound.issuer;
  const subject = `issuer ${bound.plan.issuer.type}`;
  await collect(findings, subject, async () => findings.push(...(await issuer.preflight(key, ctx))));
  if (issuer.identify === undefined) return undefined;
  const before = findings.length;
  const principal = await collect(findings, subject, async () => issuer.identify?.(key, ctx));
  // A leaked key that somebody revoked in haste is a reason to go on, not to stop.
  const refused = findings[before];
  if (bound.plan.mode === 'contain' && refused?.code === 'UNAUTHENTICATED') {
    findings[before] = { ...refused, severity: 'warning' };
  }
  return principal;
}

/** Each check must pass with the old key: what is broken before the change is not the change's fault. */
async function baseline(
  bound: BoundPlan,
  key: Credential,
  findings: Finding[],
  ctx: CallContext,
): Promise<void> {
  const checks = bound.services.flatMap((service) => service.checks);
  const severity = bound.plan.mode === 'contain' ? 'warning' : 'error';
  await runPool(
    checks,
    bound.plan.concurrency,
    async ({ service, name, check }) => {
      const result = await check.run({ service, credential: key }, ctx);
      if (result.verdict === 'pass') return;
      findings.push({
        severity,
        code: 'CHECK_FAILED',
        subject: `service ${service}, check ${name}`,
        message: `it does not pass with the current key (baseline): ${result.verdict === 'fail' ? '' : 'inconclusive: '}${result.summary}`,
        hint: 'Repair the service or the check first; a rotation could not tell its own failures from this one.',
      });
    },
    () => ctx.signal.aborted,
  );
}

/** An error becomes a finding, so that the others are told too. */
async function collect<T>(
  findings: Finding[],
  subject: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    if (!isRotationError(cause)) throw cause;
    findings.push({ severity: 'error', code: cause.code, subject, message: cause.message, hint: cause.hint });
    return undefined;
  }
}

function error(code: Finding['code'], subject: string, message: string, hint: string): Finding {
  return { severity: 'error', code, subject, message, hint };
}
