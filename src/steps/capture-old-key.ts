import type { Credential } from '../core/credential.ts';
import type { Step } from '../core/step.ts';
import { CAPTURE_OLD_KEY, type SealedKey, sealKey } from './material.ts';

/** Seals the key that is live now: rollback and the proof of death need it after every store has forgotten it. */
export function captureOldKey(
  current: () => Promise<{ keyId: string; key: Credential }>,
): Step<null, SealedKey> {
  return {
    id: CAPTURE_OLD_KEY,
    effect: 'none',
    describe: () => ({ title: 'Seal the old key' }),
    run: async (_prepared, ctx) => {
      const { keyId, key } = await current();
      return sealKey(keyId, key, ctx);
    },
  };
}
