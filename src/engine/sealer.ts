import type { Secret } from '../core/secret.ts';

/** Encrypts values for one rotation's journal. */
export interface Sealer {
  seal(secret: Secret): Promise<string>;
  /** @throws RotationError REFUSED when the data key is gone or the text was changed */
  unseal(sealed: string): Promise<Secret>;
}
