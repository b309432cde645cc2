import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import { keyIdOf, newCredential } from './generated-issuer.ts';
import { optionsSchema } from './options.ts';

/** There is no system to stand in for: any value is as good as another until a service refuses it. */
export async function startGeneratedEmulator(): Promise<IssuerEmulator> {
  const options = { format: 'base64url', bits: 256 } as const;
  return {
    options: (original) => original ?? options,
    resolve: () => undefined,
    effects: () => 0,
    stop: async () => {},
    issue: async () => {
      const credential = await newCredential(optionsSchema.parse(options));
      return { id: keyIdOf(credential) ?? '', credential };
    },
    isLive: async () => true,
    keys: async () => [],
  };
}
