import type { JsonObject } from '../../../core/json.ts';
import type { EmulatedIdentity } from './identity.ts';

const KEY_ID = 'env:KEYTURN_EMULATED_AWS_ACCESS_KEY_ID';
const SECRET = 'env:KEYTURN_EMULATED_AWS_SECRET_ACCESS_KEY';

/** Options that reach an emulator: what names the real AWS is left out, the user's other options are kept. */
export function emulatedConnection(url: string, original: JsonObject = {}): JsonObject {
  const { profile: _profile, endpoints: _endpoints, sessionToken: _token, ...kept } = original;
  return { ...kept, region: 'us-east-1', endpoint: url, accessKeyId: KEY_ID, secretAccessKey: SECRET };
}

export function resolveEmulated(identity: EmulatedIdentity, reference: string): string | undefined {
  if (reference === KEY_ID) return identity.accessKeyId;
  if (reference === SECRET) return identity.secretAccessKey;
  return undefined;
}
