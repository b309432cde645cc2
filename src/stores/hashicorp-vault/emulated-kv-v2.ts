import type { EmulatedAnswer, EmulatedRequest } from '../../lib/emulator/loopback-server.ts';
import { answered, failed, wrapped } from '../../lib/vault/emulator/answers.ts';
import { type Capability, type EmulatedMount, MOST_ENTRY_BYTES } from './emulated-mount.ts';
import { sortedObject } from './emulated-object.ts';
import { createVersions, type EmulatedVersion, type EmulatedVersions } from './emulated-versions.ts';
import { type RawObject, splitObject } from './raw-object.ts';

const NO_MATCH = 'check-and-set parameter did not match the current version';
const UPGRADING =
  'Upgrading from non-versioned to versioned data. This backend will be unavailable for a brief period and will resume service shortly.';
const INVALID_PATH =
  'Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use.';

/** Numbered versions under `data/`, their settings under `metadata/`. */
export function createKvV2(now: () => number): EmulatedMount {
  const secrets = new Map<string, EmulatedVersions>();
  const settings = { warnings: [] as string[], maxVersions: 0, deleteAfterSeconds: 0, upgrading: false };
  const versions = (path: string): EmulatedVersions => {
    const found = secrets.get(path) ?? createVersions(settings, now);
    secrets.set(path, found);
    return found;
  };

  const read = (path: string, wanted: string | null): EmulatedAnswer => {
    const found = secrets.get(path);
    const version = found?.get(wanted === null || wanted === '0' ? found.current() : Number(wanted));
    if (version === undefined) return failed(404);
    return found?.isLive(version) === true
      ? answered(`{"data":${sortedObject(version.entries)},"metadata":${metadataOf(version)}}`)
      : answered(`{"data":null,"metadata":${metadataOf(version)}}`, { status: 404 });
  };

  const write = (path: string, request: EmulatedRequest): EmulatedAnswer => {
    const body = splitObject(request.body);
    const data = body.get('data');
    if (data?.startsWith('{') !== true) return failed(400, 'no data provided');
    const cas = splitObject(body.get('options') ?? '{}').get('cas');
    const current = secrets.get(path)?.current() ?? 0;
    if (cas !== undefined && !/^\d+$/.test(cas)) return failed(400, 'error parsing check-and-set parameter');
    if (cas !== undefined && Number(cas) !== current) return failed(400, NO_MATCH);
    const bytes = Buffer.byteLength(data);
    if (bytes > MOST_ENTRY_BYTES) {
      const sizes = `got ${bytes} bytes, max ${MOST_ENTRY_BYTES} bytes`;
      return failed(500, wrapped(`put failed due to value being too large; ${sizes}`));
    }
    const made = versions(path).add(asStored(splitObject(data)));
    const { warnings } = settings;
    return answered(metadataOf(made), warnings.length === 0 ? {} : { warnings });
  };

  const data = (path: string, request: EmulatedRequest): EmulatedAnswer => {
    if (request.method === 'GET') return read(path, request.query.get('version'));
    if (request.method === 'POST' || request.method === 'PUT') return write(path, request);
    if (request.method !== 'DELETE') return failed(405, wrapped('unsupported operation'));
    secrets.get(path)?.softDelete();
    return { status: 204 };
  };

  return {
    kvVersion: 2,
    settings,
    capability: (method, path): Capability => {
      if (method === 'GET') return 'read';
      if (method === 'DELETE') return 'delete';
      return secrets.has(path.slice(path.indexOf('/') + 1)) ? 'update' : 'create';
    },
    handle: (path, request) => {
      if (settings.upgrading) return failed(400, UPGRADING);
      const [, kind, rest] = /^(data|metadata)\/(.+)$/.exec(path) ?? [];
      if (kind === 'data' && rest !== undefined) return data(rest, request);
      if (request.method === 'GET' && kind === 'metadata' && rest !== undefined) {
        const found = secrets.get(rest);
        return found === undefined ? failed(404) : answered(found.describe());
      }
      if (request.method === 'GET' && path === 'config') {
        const seconds = settings.deleteAfterSeconds;
        return answered(
          `{"cas_required":false,"delete_version_after":"${seconds}s","max_versions":${settings.maxVersions}}`,
        );
      }
      return answered('null', { status: 404, warnings: [INVALID_PATH] });
    },
    entriesAt: (path) => secrets.get(path)?.live()?.entries,
    put: (path, entries) => void versions(path).add(asStored(entries)),
    remove: (path) => secrets.get(path)?.softDelete(),
    paths: () => [...secrets.keys()],
  };
}

function metadataOf(version: EmulatedVersion): string {
  return JSON.stringify({
    created_time: version.created,
    custom_metadata: null,
    deletion_time: version.deletionTime,
    destroyed: version.destroyed,
    version: version.number,
  });
}

/** Version 2 keeps numbers as 64-bit floats; version 1 does not. */
function asStored(entries: RawObject): RawObject {
  return new Map([...entries].map(([key, raw]) => [key, JSON.stringify(JSON.parse(raw))]));
}
