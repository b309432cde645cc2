import { createHash } from 'node:crypto';

interface Key {
  readonly id: string;
  readonly pair: { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array };
}

/** The other end of the sealed boxes: it has the private keys, so that a test sees the value that arrived. */
export interface EmulatedBoxes {
  publicKey(path: string): { readonly key_id: string; readonly key: string };
  /** Undefined for a box of another key, or none at all. */
  open(path: string, box: string, keyId: string): Promise<string | undefined>;
  /** Boxes for the key of before are refused from now on. */
  replaceKeys(): void;
}

export async function createEmulatedBoxes(): Promise<EmulatedBoxes> {
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  let generation = 0;
  const keys = new Map<string, Key>();

  const keyOf = (path: string): Key => {
    const known = keys.get(path);
    if (known !== undefined) return known;
    const id = createHash('sha256').update(`${generation}${path}`).digest('hex').slice(0, 18);
    const made: Key = { id, pair: sodium.crypto_box_keypair('uint8array') };
    keys.set(path, made);
    return made;
  };

  return {
    publicKey: (path) => {
      const { id, pair } = keyOf(path);
      return { key_id: id, key: sodium.to_base64(pair.publicKey, sodium.base64_variants.ORIGINAL) };
    },
    open: async (path, box, keyId) => {
      const { id, pair } = keyOf(path);
      if (keyId !== id) return undefined;
      try {
        const sealed = sodium.from_base64(box, sodium.base64_variants.ORIGINAL);
        const opened = sodium.crypto_box_seal_open(sealed, pair.publicKey, pair.privateKey);
        return Buffer.from(opened).toString('utf8');
      } catch {
        return undefined;
      }
    },
    replaceKeys: () => {
      generation += 1;
      keys.clear();
    },
  };
}
