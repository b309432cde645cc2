import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import type { MakeAuth } from './login.ts';
import type { SdkWire } from './sdk-wire.ts';

export interface Sdk {
  readonly makeAuth: MakeAuth;
  makeClient(wire: SdkWire['client']): SecretManagerServiceClient;
}

/**
 * Set, it makes Google's libraries print what they send and get, payloads and tokens, past everything that guards our
 * output. They look at it when they are loaded and when a client is made.
 */
const LOGGING = 'GOOGLE_SDK_NODE_LOGGING';

/** Over REST: what goes over our own HTTP client, and what an emulator can speak. */
export async function openSdk(address: string): Promise<Sdk> {
  delete process.env[LOGGING];
  const { SecretManagerServiceClient: Client } = await import('@google-cloud/secret-manager');
  const { protocol, hostname, port } = new URL(address);
  const place = {
    fallback: true,
    apiEndpoint: hostname,
    protocol: protocol.replace(':', ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  };
  return {
    // The library that finds credentials is a part of the SDK, with no door of its own but a client.
    makeAuth: (settings) => new Client({ ...settings, fallback: true }).auth,
    makeClient: (wire) => new Client({ ...place, auth: wire as never }),
  };
}
