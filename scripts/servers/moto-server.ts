import { type RunningServer, startChild } from './child-server.ts';
import { installPythonProgram } from './python-program.ts';

const MOTO = { name: 'moto_server', requirement: 'moto[server]', version: '5.2.5' } as const;

/** Starts moto on a free port of this machine. @throws Error when it cannot be installed or does not get healthy */
export async function startMoto(): Promise<RunningServer> {
  const server = startChild(await installPythonProgram(MOTO), ['--host', '127.0.0.1', '--port', '0']);
  try {
    // It takes a free port and says which.
    const url = await server.until(
      'an address',
      () => /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(server.written())?.[1],
    );
    await server.until('healthy', () => isHealthy(url));
    return { url, stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function isHealthy(url: string): Promise<true | undefined> {
  return fetch(`${url}/moto-api/data.json`).then(
    (answer) => answer.ok || undefined,
    () => undefined,
  );
}
