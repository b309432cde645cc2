import type { JsonObject } from '../../core/json.ts';
import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import { newKey } from './generated-issuer.ts';
import { optionsSchema } from './options.ts';

/** There is no system to stand in for: any value is as good as another until a service refuses it. */
export async function startGeneratedEmulator(): Promise<IssuerEmulator> {
  let options: JsonObject = { format: 'base64url', bits: 256 };
  return {
    options: (original) => {
      options = original ?? options;
      return options;
    },
    resolve: () => undefined,
    effects: () => 0,
    stop: async () => {},
    issue: () => newKey(optionsSchema.parse(options)),
    isLive: async () => true,
    keys: async () => [],
  };
}
