import type { Secret } from '../../core/secret.ts';

/** The key GitHub encrypts for: `key` is 32 bytes in base64. */
export interface PublicKey {
  readonly id: string;
  readonly key: string;
}

/** A libsodium sealed box in base64: only GitHub can open it, we no more. */
export async function sealFor({ key }: PublicKey, value: Secret): Promise<string> {
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const box = sodium.crypto_box_seal(
    Buffer.from(value.reveal(), 'utf8'),
    sodium.from_base64(key, sodium.base64_variants.ORIGINAL),
  );
  return sodium.to_base64(box, sodium.base64_variants.ORIGINAL);
}
