import { createServer } from 'node:net';

/** It may be taken by the time it is wanted: try again then. @throws Error */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address !== 'string') resolve(address.port);
        else reject(new Error('this machine gave no port'));
      });
    });
  });
}
