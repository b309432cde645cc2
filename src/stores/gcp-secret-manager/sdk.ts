import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import type { MakeAuth } from './login.ts';
import type { SdkWire } from './sdk-wire.ts';

export interface Sdk {
  readonly makeAuth: MakeAuth;
  makeClient(wire: SdkWire['client']): SecretManagerServiceClient;
}

/** When GOOGLE_SDK_NODE_LOGGING is set, the SDK prints what it sends and gets: payloads. */
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {}

/** Over REST: what goes over our own HTTP client, and what an emulator can speak. */
export async function openSdk(address: string): Promise<Sdk> {
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
    makeClient: (wire) => {
      const client = new Client({ ...place, auth: wire as never });
      return Object.assign(client, { _log: SILENT });
    },
  };
}
