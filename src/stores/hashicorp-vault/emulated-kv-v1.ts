import type { EmulatedAnswer, EmulatedRequest } from '../../lib/emulator/loopback-server.ts';
import { answered, done, failed, wrapped } from '../../lib/vault/emulator/answers.ts';
import type { EmulatedMount } from './emulated-mount.ts';
import { MOST_ENTRY_BYTES } from './emulated-mount.ts';
import { sortedObject } from './emulated-object.ts';
import { type RawObject, splitObject } from './raw-object.ts';

/** One map a path; numbers stay as they were sent. */
export function createKvV1(): EmulatedMount {
  const secrets = new Map<string, RawObject>();
  const settings = { warnings: [] as string[], maxVersions: 0, deleteAfterSeconds: 0, upgrading: false };

  const write = (path: string, request: EmulatedRequest): EmulatedAnswer => {
    const entries = splitObject(request.body);
    if (entries.size === 0) return failed(400, 'missing data fields');
    const bytes = Buffer.byteLength(request.body);
    if (bytes > MOST_ENTRY_BYTES) return failed(500, wrapped(`failed to write: ${tooLarge(bytes)}`));
    secrets.set(path, entries);
    return done(settings.warnings);
  };

  return {
    kvVersion: 1,
    settings,
    capability: (method, path) => {
      if (method === 'GET') return 'read';
      if (method === 'DELETE') return 'delete';
      return secrets.has(path) ? 'update' : 'create';
    },
    handle: (path, request) => {
      switch (request.method) {
        case 'GET': {
          const entries = secrets.get(path);
          return entries === undefined
            ? failed(404)
            : answered(sortedObject(entries), { leaseSeconds: 2_764_800 });
        }
        case 'POST':
        case 'PUT':
          return write(path, request);
        case 'DELETE':
          secrets.delete(path);
          return { status: 204 };
        default:
          return failed(405, wrapped('unsupported operation'));
      }
    },
    entriesAt: (path) => secrets.get(path),
    put: (path, entries) => void secrets.set(path, entries),
    remove: (path) => void secrets.delete(path),
    paths: () => [...secrets.keys()],
  };
}

export function tooLarge(bytes: number): string {
  return `put failed due to value being too large; got ${bytes} bytes, max: ${MOST_ENTRY_BYTES} bytes`;
}
