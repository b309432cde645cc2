import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type ChildServer, type RunningServer, startChild } from './child-server.ts';
import { dockerPrograms } from './docker-programs.ts';
import { runQuietly } from './run-quietly.ts';

/** A manager of a swarm that nobody needs. */
export interface DockerServer {
  /** As in DOCKER_HOST. */
  readonly url: string;
  /** Its container keeps running. */
  readonly image: string;
}

const IMAGE = 'keyturn-test-sleeper:1';

/** For one command: an engine that hangs must not hold up everybody else's tests. */
const PATIENCE_S = '60';

/**
 * Starts a Docker Engine of our own beside any that is there, with a swarm of one and an image for its services. It has no
 * network but that of the swarm, changes no rule of the firewall, and keeps all it has in a folder that goes with it.
 * @throws Error when we are not root, or it cannot be installed or does not get healthy
 */
export async function startDocker(): Promise<DockerServer & RunningServer> {
  if (process.getuid?.() !== 0) throw new Error('only root can run an engine');
  const { folders, libraries, busybox } = await dockerPrograms();
  const home = await mkdtemp(join(tmpdir(), 'kt-docker-'));
  const url = `unix://${join(home, 'engine.sock')}`;
  const env = {
    PATH: [...folders, process.env['PATH']].join(delimiter),
    LD_LIBRARY_PATH: libraries.join(delimiter),
    HOME: home,
    DOCKER_HOST: url,
  };
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const docker = (...args: string[]): Promise<void> =>
    runQuietly('timeout', [PATIENCE_S, 'env', ...variables, 'docker', ...args]);
  let engine: ChildServer | undefined;
  const stop = async (): Promise<void> => {
    // Its tasks are processes of their own, which would outlive it.
    await docker('swarm', 'leave', '--force').catch(() => {});
    await engine?.stop();
    await rm(home, { recursive: true, force: true }).catch(() => {});
  };
  try {
    engine = startChild('env', ['dockerd', ...settingsFor(home, url)], env);
    await engine.until('an answer', () =>
      docker('version').then(
        () => true,
        () => undefined,
      ),
    );
    await docker('swarm', 'init', '--advertise-addr', '127.0.0.1');
    await copyFile(busybox, join(home, 'busybox'));
    await runQuietly('tar', ['-cf', join(home, 'image.tar'), '-C', home, 'busybox']);
    const command = 'CMD ["/busybox", "sleep", "86400"]';
    await docker('import', '--change', command, join(home, 'image.tar'), IMAGE);
    return { url, image: IMAGE, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function settingsFor(home: string, url: string): string[] {
  return [
    ...['--data-root', join(home, 'data'), '--exec-root', join(home, 'exec'), '--pidfile', join(home, 'pid')],
    ...['--host', url, '--storage-driver', 'vfs', '--iptables=false', '--bridge', 'none'],
  ];
}
