import { setMaxListeners } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { BUILT_IN } from '../catalog/built-in.ts';
import { catalogOf } from '../config/catalog-of.ts';
import { loadConfig } from '../config/load-config.ts';
import { createResolver } from '../config/references.ts';
import type { RotationConfig } from '../config/rotation-config.ts';
import type { Operator } from '../core/operator.ts';
import type { Secret } from '../core/secret.ts';
import type { Interruption } from '../engine/driver.ts';
import type { SealingKeys } from '../engine/file-storage/data-key.ts';
import { createFileStorage } from '../engine/file-storage/file-storage.ts';
import type { RotationStorage } from '../engine/storage.ts';
import { systemClock } from '../lib/clock.ts';
import { redactor } from '../lib/redactor.ts';
import { keepHeapSmall } from '../lib/small-heap.ts';
import { receiptSigner } from './receipt-signer.ts';
import type { Runtime } from './runtime.ts';

export interface ComposeOptions {
  readonly configPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly operator: Operator;
  readonly interruption: Interruption;
}

/** A rotation of fewer never has enough garbage at hand for the heap to matter. */
const MANY_SLOTS = 1000;

/** The composition root: the one place that knows which implementation stands behind each interface. */
export async function composeRuntime(options: ComposeOptions): Promise<Runtime> {
  // Hundreds of requests wait on one signal; that is no leak.
  setMaxListeners(0, options.interruption.hard, options.interruption.soft);
  const config = await loadConfig(options.configPath, { env: options.env, catalog: BUILT_IN });
  // Not for a short one: V8 takes no code cache after a change of its flags, and most code is loaded from here on.
  if (slotCount(config) >= MANY_SLOTS) keepHeapSmall();
  const resolve = createResolver({ baseDir: config.baseDir, env: options.env });
  const storage = openStorage(config, resolve, options.env);
  return {
    config,
    storage,
    catalog: await catalogOf(BUILT_IN, config),
    clock: systemClock,
    resolve,
    redact: redactor.redact,
    operator: options.operator,
    interruption: options.interruption,
    sign: receiptSigner(join(configHome(options.env), 'receipt-signing.pem')),
  };
}

/** About how many slots are named, whatever their key. */
function slotCount({ keys, services }: RotationConfig): number {
  const ofKeys = Object.values(keys).reduce((count, { targets }) => count + targets.length, 0);
  return ofKeys + Object.keys(services).length;
}

function openStorage(
  config: RotationConfig,
  resolve: (reference: string) => Promise<Secret>,
  env: NodeJS.ProcessEnv,
): RotationStorage {
  const { recipients, identity, passphrase } = config.sealing;
  const sealingKeys = async (): Promise<SealingKeys> => ({
    recipients,
    identity: identity === undefined ? undefined : await resolve(identity),
    passphrase: passphrase === undefined ? undefined : await resolve(passphrase),
    identityPath: join(configHome(env), 'identity.txt'),
  });
  return createFileStorage({ folder: config.stateDir, clock: systemClock, sealingKeys });
}

/** Apart from the state folder: what opens sealed material must not lie beside it. */
function configHome(env: NodeJS.ProcessEnv): string {
  return (
    env['KEYTURN_HOME'] ??
    join(env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? homedir(), '.config'), 'keyturn')
  );
}
