import { type RunningServer, startMoto } from './moto-server.ts';

/** A server that the tests can use, or why there is none. */
export type Availability = { readonly url: string } | { readonly missing: string };

export interface ServersUnderTest {
  readonly moto: Availability;
  readonly vault: Availability;
  readonly conjur: Availability;
}

/** What has to be set for a server that we do not start. */
const EXTERNAL = {
  vault: ['VAULT_ADDR', 'VAULT_TOKEN'],
  conjur: ['CONJUR_APPLIANCE_URL', 'CONJUR_ACCOUNT', 'CONJUR_AUTHN_LOGIN', 'CONJUR_AUTHN_API_KEY'],
} as const;

/**
 * Starts what can be started and looks for what must be given. Each server that is not run is named, with the reason;
 * with KEYTURN_REQUIRE_SERVERS=1 a moto that cannot be run is a failure.
 */
export async function bringUpServers(): Promise<{ servers: ServersUnderTest; stop: () => Promise<void> }> {
  const { availability, running } = await moto();
  const servers = { moto: availability, vault: external('vault'), conjur: external('conjur') };
  for (const [name, server] of Object.entries(servers)) {
    if ('missing' in server) console.log(`test:servers: ${name} is not run: ${server.missing}`);
    else console.log(`test:servers: ${name} is at ${server.url}`);
  }
  return { servers, stop: async () => running?.stop() };
}

async function moto(): Promise<{ availability: Availability; running?: RunningServer }> {
  try {
    const running = await startMoto();
    return { availability: { url: running.url }, running };
  } catch (error) {
    if (process.env['KEYTURN_REQUIRE_SERVERS'] === '1') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return { availability: { missing: `it could not be started: ${reason}` } };
  }
}

function external(name: keyof typeof EXTERNAL): Availability {
  const [address, ...rest] = EXTERNAL[name];
  const unset = [address, ...rest].filter((variable) => (process.env[variable] ?? '') === '');
  if (unset.length > 0) return { missing: `set ${unset.join(', ')} to run it` };
  return { url: process.env[address] ?? '' };
}
