import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { resumeRotation, rollBack } from '../../src/app/resume.ts';
import { rotate } from '../../src/app/rotate.ts';
import { onlyOpenRotation } from '../../src/app/rotations.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import { absentOperator } from '../../src/app/stdin-operator.ts';
import type { RotationConfig } from '../../src/config/rotation-config.ts';
import { useFingerprintKey } from '../../src/core/fingerprint.ts';
import { Secret } from '../../src/core/secret.ts';
import type { ProbePoint } from '../../src/engine/driver.ts';
import { createFileStorage } from '../../src/engine/file-storage/file-storage.ts';
import { redactor } from '../../src/lib/redactor.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { catalog, obedientDialog, REQUEST } from './world.ts';

/** What the parent writes to stdin. */
export interface ChildOrder {
  readonly config: RotationConfig;
  /** Reference → value. */
  readonly references: Readonly<Record<string, string>>;
  readonly action: 'rotate' | 'resume' | 'rollback';
  /** Where the process kills itself, for real. */
  readonly kill?: { readonly point: ProbePoint; readonly step: string };
}

/** One process of a rotation: real file storage, emulators that live in the parent, and a real SIGKILL. */
async function main(): Promise<void> {
  const order = JSON.parse(await text(process.stdin)) as ChildOrder;
  const runtime = runtimeFor(order);
  useFingerprintKey(await runtime.storage.fingerprintKey());
  const dialog = obedientDialog();
  const report =
    order.action === 'rotate'
      ? await rotate(runtime, REQUEST, dialog)
      : await carryOn(order.action, runtime, await onlyOpenRotation(runtime.storage));
  process.stdout.write(JSON.stringify(report));
}

function carryOn(action: 'resume' | 'rollback', runtime: Runtime, id: string) {
  const dialog = obedientDialog();
  return action === 'resume' ? resumeRotation(runtime, id, dialog) : rollBack(runtime, id, dialog);
}

function runtimeFor({ config, references, kill }: ChildOrder): Runtime {
  const never = new AbortController().signal;
  // The issuer's seconds of propagation take no time; nothing here is about how long things take.
  const clock = virtualClock(Date.now());
  return {
    config,
    storage: createFileStorage({
      folder: config.stateDir,
      clock,
      sealingKeys: async () => ({
        recipients: [],
        identity: undefined,
        passphrase: undefined,
        identityPath: join(config.baseDir, 'home/identity.txt'),
      }),
    }),
    catalog,
    clock,
    resolve: async (reference) => new Secret(references[reference] ?? ''),
    redact: redactor.redact,
    operator: absentOperator,
    interruption: { soft: never, hard: never },
    sign: async () => ({ algorithm: 'ed25519', publicKey: '', value: '' }),
    probe: (point, step) => {
      if (point === kill?.point && step === kill.step) process.kill(process.pid, 'SIGKILL');
    },
  };
}

await main();
