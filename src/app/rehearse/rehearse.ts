import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvidenceItem } from '../../core/phase.ts';
import type { IssuedKey } from '../../core/plugins/issuer.ts';
import { createFileStorage } from '../../engine/file-storage/file-storage.ts';
import type { EventListener } from '../../engine/session.ts';
import type { Dialog } from '../dialog.ts';
import { named } from '../named.ts';
import type { RotationReport } from '../report.ts';
import { resumeRotation } from '../resume.ts';
import { type RotateRequest, rotate } from '../rotate.ts';
import { listRotations } from '../rotations.ts';
import type { Runtime } from '../runtime.ts';
import { type EmulatedWorld, startEmulatedWorld } from './emulated-world.ts';
import type { FaultSpec } from './fault-spec.ts';
import { injectFaults, RehearsedKill } from './inject-faults.ts';
import { rehearsalClock } from './rehearsal-clock.ts';

export interface RehearsalVerdict {
  /** Every store ended with one and the same live key, and the issuer has no stray one. */
  readonly safe: boolean;
  readonly message: string;
  readonly report: RotationReport;
  /** Target id → the key it holds at the end. */
  readonly holds: Readonly<Record<string, 'old' | 'new' | 'other'>>;
  /** Null where keyturn makes the keys itself: there is no issuer at which one could be live. */
  readonly liveKeys: number | null;
  readonly faults: { readonly struck: readonly string[]; readonly missed: readonly string[] };
  /** How often the run was killed and resumed. */
  readonly resumes: number;
}

/**
 * Runs the user's own plan against emulators of every system in it, with faults where they ask for them, and looks
 * from outside at what is left. Waits take no time; no real system, reference or state folder is touched.
 */
export async function rehearse(
  runtime: Runtime,
  request: RotateRequest,
  faults: readonly FaultSpec[],
  onEvent: EventListener,
): Promise<RehearsalVerdict> {
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-rehearsal-'));
  try {
    const world = await startEmulatedWorld(
      runtime.config,
      request.key,
      runtime.catalog,
      join(folder, 'state'),
    );
    try {
      return await run(runtime, world, request, faults, onEvent, folder);
    } finally {
      await world.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  runtime: Runtime,
  world: EmulatedWorld,
  request: RotateRequest,
  faults: readonly FaultSpec[],
  onEvent: EventListener,
  folder: string,
): Promise<RehearsalVerdict> {
  const injected = injectFaults(world, faults);
  const clock = rehearsalClock();
  const rehearsed: Runtime = {
    ...runtime,
    config: world.config,
    catalog: injected.catalog,
    resolve: world.resolve,
    operator: world.operator,
    clock,
    probe: injected.probe,
    sign: async () => ({ algorithm: 'ed25519', publicKey: '', value: 'rehearsal' }),
    storage: createFileStorage({
      folder: world.config.stateDir,
      clock,
      sealingKeys: async () => ({
        recipients: [],
        identity: undefined,
        passphrase: undefined,
        identityPath: join(folder, 'identity.txt'),
      }),
    }),
  };
  const { report, resumes } = await throughKills(rehearsed, request, rehearsalDialog(onEvent));
  return judge(world, report, resumes, injected.struck, faults);
}

/** A killed run is resumed as a new process would: from the journal alone. */
async function throughKills(
  runtime: Runtime,
  request: RotateRequest,
  dialog: Dialog,
): Promise<{ report: RotationReport; resumes: number }> {
  for (let resumes = 0; ; resumes += 1) {
    try {
      const id = resumes === 0 ? undefined : (await listRotations(runtime.storage)).states[0]?.rotationId;
      const report =
        id === undefined ? await rotate(runtime, request, dialog) : await resumeRotation(runtime, id, dialog);
      return { report, resumes };
    } catch (error) {
      if (!(error instanceof RehearsedKill)) throw error;
    }
  }
}

/** Begins at once, stays for every wait, and opens the gate where a sensible person would. */
function rehearsalDialog(onEvent: EventListener): Dialog {
  return {
    onEvent,
    onPreflight: () => {},
    note: () => {},
    confirmStart: async () => true,
    decideGate: async (evidence: readonly EvidenceItem[]) =>
      evidence.some((item) => item.verdict === 'fail')
        ? undefined
        : { by: 'rehearsal', despiteEvidence: false },
    stayUntil: async () => true,
  };
}

async function judge(
  world: EmulatedWorld,
  report: RotationReport,
  resumes: number,
  struck: readonly string[],
  faults: readonly FaultSpec[],
): Promise<RehearsalVerdict> {
  const holds: Record<string, 'old' | 'new' | 'other'> = {};
  // Part by part: one store may hold the secret alone, and another one the pair.
  const held = new Map<string, Set<string | undefined>>();
  for (const target of world.targets) {
    const values = await world.peek(target);
    const parts = Object.entries(target.parts).map(([field, part]) => [part, values?.[field]] as const);
    holds[`${target.store}/${target.slot.ref}`] = keyIn(parts, world.oldKey);
    for (const [part, value] of parts) held.set(part, (held.get(part) ?? new Set()).add(value));
  }
  const keys = (await world.issuer.keys()).filter((key) => key.active);
  const ended = report.status === 'done' || report.status === 'rolled-back';
  const oneEverywhere =
    [...held.values()].every((values) => values.size === 1) && !Object.values(holds).includes('other');
  // The old key may stay where the policy says so.
  const { policy, issuer } = named(world.config.keys, 'key', report.key);
  const keepsOld = policy.deactivate === 'never';
  const expected = report.status === 'done' && keepsOld ? 2 : 1;
  const stray = Math.max(0, keys.length - expected);
  const safe = ended && oneEverywhere && stray === 0;
  const { capabilities } = await named(world.catalog.issuers, 'issuer type', issuer.type)();
  return {
    safe,
    message: safe
      ? `Safe: the rehearsal ended as ${report.status}, and every store holds the same key`
      : `Not safe as it stands: ${stray > 0 ? strayMessage(stray) : `the rehearsal ended as ${report.status}`}; see what is live above`,
    report,
    holds,
    liveKeys: capabilities.create === 'local' ? null : keys.length,
    faults: {
      struck,
      missed: faults
        .map((fault) => `${fault.kind}@${fault.step}`)
        .filter((name) => !struck.some((one) => one.startsWith(name))),
    },
    resumes,
  };
}

function keyIn(
  parts: readonly (readonly [part: string, value: string | undefined])[],
  oldKey: IssuedKey,
): 'old' | 'new' | 'other' {
  if (parts.every(([part, value]) => oldKey.credential[part]?.reveal() === value)) return 'old';
  return parts.every(([, value]) => value) ? 'new' : 'other';
}

/** A key that a person made and that was lost with the killed process: only the issuer's page shows it. */
function strayMessage(stray: number): string {
  return `${stray} ${stray === 1 ? 'key is' : 'keys are'} live at the issuer that nobody uses; delete it there`;
}
