import { once } from 'node:events';
import { isRotationError } from '../../../src/core/errors/rotation-error.ts';
import { acquireFileLock } from '../../../src/engine/file-storage/file-lock.ts';

/** A process that waits for a word, takes a lock, says how it went, and holds it until its stdin ends. */
const [folder = '', rotationId = ''] = process.argv.slice(2);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
try {
  const lock = await acquireFileLock(folder, { key: 'the-key', rotationId, isOpen: async () => true });
  process.stdout.write(`fence ${lock.fence}\n`);
} catch (error) {
  if (!isRotationError(error)) throw error;
  process.stdout.write(`${error.code}\n`);
}
await once(process.stdin, 'end');
