import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { replaceFile } from '../../lib/atomic-file.ts';
import type { PlanResult, RotationPlan } from './rotation-plan.ts';

interface PlanFile {
  readonly planFileVersion: 1;
  /** Over the plan, so that an edited file is not taken for a reviewed one. */
  readonly digest: string;
  readonly plan: RotationPlan;
}

/** Writes a plan to be reviewed and run later. It holds fingerprints and references, no secret. */
export async function writePlanFile(path: string, result: PlanResult): Promise<void> {
  const file: PlanFile = { planFileVersion: 1, digest: digestOf(result.plan), plan: result.plan };
  await replaceFile(path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
}

/** @throws RotationError CONFIG_INVALID when it cannot be read or was edited */
export async function readPlanFile(path: string): Promise<RotationPlan> {
  const invalid = (reason: string): RotationError =>
    new RotationError('CONFIG_INVALID', {
      subject: `plan file ${path}`,
      reason,
      hint: 'Make a new one with `keyturn plan KEY --out FILE`.',
    });
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw invalid(`it cannot be read (${error.code ?? error.message})`);
  });
  const file = parsed(text);
  if (file === undefined) throw invalid('it is no plan');
  if (file.planFileVersion === 1 && digestOf(file.plan) === file.digest) return file.plan;
  throw invalid('it was edited, or written by another version');
}

/** The parser's own words quote what it read, which may be the file of a secret that was named by mistake. */
function parsed(text: string): PlanFile | undefined {
  try {
    const file: unknown = JSON.parse(text);
    return typeof file === 'object' && file !== null && 'plan' in file ? (file as PlanFile) : undefined;
  } catch {
    return undefined;
  }
}

/** @throws RotationError DRIFT naming what is no longer as it was planned */
export function assertPlanHolds(approved: RotationPlan, now: RotationPlan): void {
  const moved: string[] = [];
  if (approved.key !== now.key) moved.push(`the plan is for key ${approved.key}`);
  if (approved.oldKeyId !== now.oldKeyId) moved.push('the current key is another one');
  const before = new Map(approved.targets.map((target) => [target.id, target]));
  for (const target of now.targets) {
    const planned = before.get(target.id);
    before.delete(target.id);
    if (planned === undefined) moved.push(`${target.id} is new`);
    else if (!same(planned.fingerprints, target.fingerprints)) moved.push(`${target.id} holds another value`);
    else if (planned.offers !== undefined && !same(planned.offers, target.offers))
      moved.push(`${target.id} shows or proves something else`);
  }
  for (const id of before.keys()) moved.push(`${id} is gone`);
  if (moved.length === 0 && !same(settingsOf(approved), settingsOf(now)))
    moved.push('the configuration was changed');
  if (moved.length === 0) return;
  throw new RotationError('DRIFT', {
    subject: `plan for ${approved.key}`,
    reason: moved.slice(0, 10).join('; '),
    hint: `Nothing was touched. Make a new plan: \`keyturn plan ${now.key} --out FILE\`.`,
  });
}

/** What is left when the observations are taken out. */
function settingsOf(plan: RotationPlan): unknown {
  const targets = plan.targets.map(({ fingerprints: _seen, offers: _found, ...settings }) => settings);
  // The point of no return follows from the rest.
  return { ...plan, targets, principal: plan.principal?.id ?? null, pointOfNoReturn: null };
}

function same(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function digestOf(plan: RotationPlan): string {
  return createHash('sha256').update(canonical(plan)).digest('hex');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
