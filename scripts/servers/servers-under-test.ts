import type { RunningServer } from './child-server.ts';
import { type DockerServer, startDocker } from './docker-server.ts';
import { startMoto } from './moto-server.ts';
import { startOpenBao } from './openbao-server.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

/** A server that the tests can use, or why there is none. */
export type Availability<S = { readonly url: string }> = S | { readonly missing: string };

export interface VaultServer {
  readonly url: string;
  readonly token: string;
  /** Nobody needs what is on it: tests may mount and write as they like. */
  readonly scratch: boolean;
}

export interface ServersUnderTest {
  readonly moto: Availability;
  readonly vault: Availability<VaultServer>;
  readonly conjur: Availability;
  /** Its `url` is the path of a kubeconfig. */
  readonly kubernetes: Availability;
  readonly docker: Availability<DockerServer>;
  readonly postgres: Availability<PostgresServer>;
}

/** Somebody's own server goes before the one we would start. */
const VAULT = ['VAULT_ADDR', 'VAULT_TOKEN'] as const;
/** There is no package that could be installed and thrown away; who has a server gives it. */
const CONJUR = [
  'CONJUR_APPLIANCE_URL',
  'CONJUR_ACCOUNT',
  'CONJUR_AUTHN_LOGIN',
  'CONJUR_AUTHN_API_KEY',
] as const;
/** A cluster, and a namespace in it that nobody needs: the tests make and remove what they want there. */
const KUBERNETES = ['KEYTURN_TEST_KUBECONFIG', 'KEYTURN_TEST_KUBERNETES_NAMESPACE'] as const;
/** A manager of a swarm that nobody needs, and an image for its services. */
const DOCKER = ['KEYTURN_TEST_DOCKER_ADDRESS', 'KEYTURN_TEST_DOCKER_IMAGE'] as const;

/** Says that this machine may have an engine of ours for a while: its swarm leaves the bridge `docker_gwbridge` behind. */
const START_DOCKER = 'KEYTURN_TEST_DOCKER_START';

/**
 * Starts what can be started and looks for what must be given. Each server that is not run is named, with the reason.
 * @throws Error with KEYTURN_REQUIRE_SERVERS=1, when one that we start cannot be run
 */
export async function bringUpServers(): Promise<{ servers: ServersUnderTest; stop: () => Promise<void> }> {
  const running: RunningServer[] = [];
  const failures: Error[] = [];
  const attempt = async <S extends RunningServer>(
    name: string,
    start: () => Promise<S>,
  ): Promise<Availability<S>> => {
    try {
      const server = await start();
      running.push(server);
      return server;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      failures.push(new Error(`${name} could not be started: ${reason}`, { cause }));
      return { missing: `it could not be started: ${reason}` };
    }
  };
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((server) => server.stop()));
  };

  const [moto, vault, postgres, docker] = await Promise.all([
    attempt('moto', startMoto),
    givenVault() ?? attempt('OpenBao', startOpenBao),
    attempt('PostgreSQL', startPostgres),
    process.env[START_DOCKER] === '1' ? attempt('a Docker Engine', startDocker) : givenDocker(),
  ]);
  const servers: ServersUnderTest = {
    moto: 'missing' in moto ? moto : { url: moto.url },
    vault: 'stop' in vault ? { url: vault.url, token: vault.token, scratch: true } : vault,
    conjur: given(CONJUR),
    kubernetes: given(KUBERNETES),
    docker: 'stop' in docker ? { url: docker.url, image: docker.image } : docker,
    postgres: 'missing' in postgres ? postgres : withoutStop(postgres),
  };
  for (const [name, server] of Object.entries(servers)) announce(name, server);
  if (failures.length > 0 && process.env['KEYTURN_REQUIRE_SERVERS'] === '1') {
    await stop();
    throw new AggregateError(failures, failures.map((failure) => failure.message).join('\n'));
  }
  return { servers, stop };
}

/** What reaches the tests travels as data. */
function withoutStop({ stop: _stop, ...server }: PostgresServer & RunningServer): PostgresServer {
  return server;
}

/** Undefined when nobody gives one. */
function givenVault(): VaultServer | undefined {
  const server = given(VAULT);
  if ('missing' in server) return undefined;
  const scratch = process.env['KEYTURN_TEST_VAULT_SCRATCH'] === '1';
  return { ...server, token: process.env['VAULT_TOKEN'] ?? '', scratch };
}

function givenDocker(): Availability<DockerServer> {
  const server = given(DOCKER);
  if ('missing' in server) return { missing: `${server.missing}, or ${START_DOCKER}=1 as root on Debian` };
  return { ...server, image: process.env['KEYTURN_TEST_DOCKER_IMAGE'] ?? '' };
}

function given([address, ...rest]: readonly [string, ...string[]]): Availability {
  const unset = [address, ...rest].filter((variable) => (process.env[variable] ?? '') === '');
  if (unset.length > 0) return { missing: `set ${unset.join(', ')} to run it` };
  return { url: process.env[address] ?? '' };
}

function announce(name: string, server: Availability): void {
  if ('missing' in server) console.log(`test:servers: ${name} is not run: ${server.missing}`);
  else console.log(`test:servers: ${name} is at ${server.url}`);
}
