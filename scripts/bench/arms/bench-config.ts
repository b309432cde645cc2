import { join } from 'node:path';
import { DEFAULTS } from '../../../src/config/defaults.ts';
import type { RotationConfig, TargetConfig } from '../../../src/config/rotation-config.ts';
import { refOf } from '../seed.ts';
import type { ArmSettings } from './arm.ts';

export const KEY = 'bench-key';

/** One Vault, one key, and all its targets in the last wave. */
export function benchConfig(settings: ArmSettings, folder: string): RotationConfig {
  const targets = Array.from(
    { length: settings.targets },
    (_, index): TargetConfig => ({
      store: 'vault',
      ref: refOf(settings.round, index + 1),
      fields: { api_key: 'value' },
      wave: undefined,
    }),
  );
  return {
    path: join(folder, 'rotation.config.yaml'),
    baseDir: folder,
    stateDir: join(folder, 'state'),
    sealing: { recipients: [], identity: undefined, passphrase: undefined },
    waves: DEFAULTS.waves,
    plugins: [],
    stores: {
      vault: {
        type: 'hashicorp-vault',
        timeoutMs: 15_000,
        options: { address: settings.address, auth: { method: 'token', token: 'env:BENCH_TOKEN' } },
        attempts: DEFAULTS.attempts,
        concurrency: settings.concurrency,
        expect: { display_name: 'token-bench' },
      },
    },
    keys: {
      [KEY]: {
        issuer: { type: 'generated', timeoutMs: 15_000, options: { format: 'base64url', bits: 256 } },
        current: undefined,
        targets,
        policy: {
          deactivate: 'ask',
          soakMs: 0,
          watch: { forMs: 0, everyMs: 60_000 },
          graceMs: 0,
          delete: false,
          maxTargets: settings.targets,
        },
      },
    },
    services: {},
    notifiers: {},
  };
}
