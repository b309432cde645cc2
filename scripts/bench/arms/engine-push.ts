import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withRotation } from '../../../src/app/open-rotation.ts';
import { draftPlan } from '../../../src/app/plan/draft-plan.ts';
import type { RotationPlan } from '../../../src/app/plan/rotation-plan.ts';
import type { Runtime } from '../../../src/app/runtime.ts';
import { absentOperator } from '../../../src/app/stdin-operator.ts';
import { BUILT_IN } from '../../../src/catalog/built-in.ts';
import { fingerprintOf, useFingerprintKey } from '../../../src/core/fingerprint.ts';
import type { Json } from '../../../src/core/json.ts';
import type { GatePhase } from '../../../src/core/phase.ts';
import type { RestoreKind } from '../../../src/core/plugins/store.ts';
import { Secret } from '../../../src/core/secret.ts';
import { advance } from '../../../src/engine/advance.ts';
import { createFileStorage } from '../../../src/engine/file-storage/file-storage.ts';
import { beginSession } from '../../../src/engine/session.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { redactor } from '../../../src/lib/redactor.ts';
import { keepHeapSmall } from '../../../src/lib/small-heap.ts';
import { plainProgress } from '../../../src/ui/progress/plain-progress.ts';
import { OLD_VALUE } from '../seed.ts';
import { type Arm, type ArmSettings, timed } from './arm.ts';
import { benchConfig, KEY } from './bench-config.ts';

/**
 * The push phase of a rotation as `keyturn rotate` runs it: real plug-in with its decorators, file journal, sealing,
 * fingerprints, progress. `restore` as preflight finds it: `version`, or `value` where the old values are sealed.
 */
export function enginePush(restore: RestoreKind): Arm {
  return async (settings) => {
    keepHeapSmall();
    const folder = await mkdtemp(join(tmpdir(), 'keyturn-bench-'));
    try {
      return await push(await prepare(settings, folder), settings, restore);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function prepare(settings: ArmSettings, folder: string): Promise<Runtime> {
  const never = new AbortController().signal;
  const keys = { recipients: [], identity: undefined, passphrase: undefined };
  const storage = createFileStorage({
    folder: join(folder, 'state'),
    clock: systemClock,
    sealingKeys: async () => ({ ...keys, identityPath: join(folder, 'home/identity.txt') }),
  });
  useFingerprintKey(await storage.fingerprintKey());
  return {
    config: benchConfig(settings, folder),
    storage,
    catalog: BUILT_IN,
    clock: systemClock,
    resolve: async () => new Secret('bench-token'),
    redact: redactor.redact,
    operator: absentOperator,
    interruption: { soft: never, hard: never },
    sign: async () => ({ algorithm: 'ed25519', publicKey: '', value: '' }),
  };
}

/** What preflight adds to the draft. */
function planned(runtime: Runtime, concurrency: number, restore: RestoreKind): RotationPlan {
  const draft = draftPlan(runtime.config, { key: KEY, mode: 'replace', concurrency, policy: {} });
  const now = fingerprintOf(OLD_VALUE);
  return {
    ...draft,
    targets: draft.targets.map((target) => ({ ...target, fingerprints: { api_key: now }, restore })),
  };
}

async function push(runtime: Runtime, settings: ArmSettings, restore: RestoreKind) {
  const plan = planned(runtime, settings.concurrency, restore);
  const rotationId = 'rot-bench';
  const lock = await runtime.storage.acquireLock({ key: KEY, rotationId, isOpen: async () => false });
  const { onEvent } = plainProgress((text) => void redactor.redact(text));
  const started = { type: 'rotation.started', rotationId, key: KEY, plan: plan as unknown as Json } as const;
  const session = await beginSession(runtime.storage, started, onEvent);
  try {
    return await withRotation(runtime, lock, session, async ({ phases, driver, finish }) => {
      const at = phases.findIndex(({ id }) => id.startsWith('push:'));
      const stop = async (upTo: number): Promise<void> => {
        const end = await advance([...phases.slice(0, upTo), HERE], driver, finish);
        if (end.status !== 'at-gate') throw new Error(JSON.stringify(end));
      };
      await stop(at);
      return timed(() => stop(at + 1));
    });
  } finally {
    await session.close();
    await lock.release();
  }
}

/** A gate that stays shut: `advance` comes back when it gets here, with everything before it durable. */
const HERE: GatePhase = {
  kind: 'gate',
  id: 'bench',
  title: 'End of the measurement',
  policy: 'ask',
  gather: async () => [],
};
