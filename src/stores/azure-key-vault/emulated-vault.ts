import { randomUUID } from 'node:crypto';
import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../lib/emulator/loopback-server.ts';
import { type EmulatedDirectory, json, RESOURCE } from './emulated-directory.ts';
import { MAX_BYTES } from './limits.ts';
import { DISABLED } from './vault-error.ts';

/** State that tests may set as an owner would; dates in seconds since the epoch. */
export interface EmulatedVersion {
  readonly id: string;
  readonly value: string;
  contentType?: string;
  tags?: Readonly<Record<string, string>>;
  attributes: { enabled: boolean; nbf?: number; exp?: number; created: number; updated: number };
  managed?: boolean;
}

export interface EmulatedVault {
  /** Name → versions, the newest last. */
  readonly secrets: Map<string, EmulatedVersion[]>;
  readonly directory: EmulatedDirectory;
  /** Operations that are refused: `get`, `set`, `list`. */
  readonly denied: Set<string>;
  readonly onEffect: () => void;
}

export function addVersion(
  versions: EmulatedVersion[],
  value: string,
  more: Partial<Pick<EmulatedVersion, 'contentType' | 'tags'>> & { attributes?: object } = {},
): EmulatedVersion {
  const now = Math.floor(Date.now() / 1000);
  const attributes = { enabled: true, ...more.attributes, created: now, updated: now };
  const version = { ...more, id: randomUUID().replaceAll('-', ''), value, attributes };
  versions.push(version);
  return version;
}

/** A vault, and the directory it sends its callers to, at one address. */
export function vaultService(vault: EmulatedVault): EmulatedService {
  return {
    isWrite: ({ method, headers }) => method === 'PUT' && headers.authorization !== undefined,
    handle: (request) => vault.directory.answer(request) ?? vaultAnswer(vault, request),
    errorBody: (status) => {
      const { body = '', headers = {} } = failure(status, CODES[status] ?? 'InternalError', 'as injected');
      return { body, headers };
    },
  };
}

const CODES: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'SecretNotFound',
  409: 'Conflict',
  429: 'Throttled',
  503: 'ServiceUnavailable',
};

function vaultAnswer(vault: EmulatedVault, request: EmulatedRequest): EmulatedAnswer {
  const { directory, denied, secrets, onEffect } = vault;
  if (!directory.accepts(request.headers.authorization)) {
    const authorization = `https://login.microsoftonline.com/${directory.tenantId}`;
    const challenge = `Bearer authorization="${authorization}", resource="${RESOURCE}"`;
    return failure(401, 'Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.', undefined, {
      'www-authenticate': challenge,
    });
  }
  if (!request.query.has('api-version'))
    return failure(400, 'BadParameter', 'The request is missing the api-version parameter.');
  const [, collection, name, id] = request.path.split('/');
  if (collection !== 'secrets') return failure(404, 'NotFound', 'The path is not known.');
  const operation = request.method === 'PUT' ? 'set' : name === undefined || name === '' ? 'list' : 'get';
  if (denied.has(operation)) {
    const message = `Caller is not authorized to perform action on resource.\r\nAction: secrets/${operation}`;
    return failure(403, 'Forbidden', message, 'ForbiddenByRbac');
  }
  if (name === undefined || name === '') return json(200, { value: [], nextLink: null });
  if (request.method === 'PUT') return set(secrets, name, request, onEffect);
  return get(secrets.get(name) ?? [], name, id, request);
}

function get(
  versions: readonly EmulatedVersion[],
  name: string,
  id: string | undefined,
  request: EmulatedRequest,
): EmulatedAnswer {
  const found =
    id === undefined || id === '' ? versions.at(-1) : versions.find((version) => version.id === id);
  if (found === undefined) {
    return failure(404, 'SecretNotFound', `A secret with (name/id) ${name} was not found in this key vault.`);
  }
  if (!found.attributes.enabled)
    return failure(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.', DISABLED);
  return json(200, bundleOf(found, name, request));
}

function set(
  secrets: EmulatedVault['secrets'],
  name: string,
  request: EmulatedRequest,
  onEffect: () => void,
): EmulatedAnswer {
  const sent = JSON.parse(request.body === '' ? '{}' : request.body) as {
    value?: string;
    contentType?: string;
    tags?: Record<string, string>;
    attributes?: object;
  };
  const { value, contentType, tags, attributes } = sent;
  if (value === undefined) return failure(400, 'BadParameter', "The property 'value' is required.");
  if (Buffer.byteLength(value, 'utf8') > MAX_BYTES)
    return failure(400, 'BadParameter', 'The value is longer than the maximum that is allowed.');
  const versions = secrets.get(name) ?? [];
  secrets.set(name, versions);
  const made = addVersion(versions, value, {
    ...(contentType === undefined ? {} : { contentType }),
    ...(tags === undefined ? {} : { tags }),
    ...(attributes === undefined ? {} : { attributes }),
  });
  onEffect();
  return json(200, bundleOf(made, name, request));
}

function bundleOf(
  { id, value, contentType, tags, attributes, managed }: EmulatedVersion,
  name: string,
  request: EmulatedRequest,
): object {
  return {
    value,
    id: `http://${request.headers.host}/secrets/${name}/${id}`,
    contentType,
    tags,
    managed,
    attributes: { ...attributes, recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90 },
  };
}

function failure(
  status: number,
  code: string,
  message: string,
  inner?: string,
  headers?: Readonly<Record<string, string>>,
): EmulatedAnswer {
  const error = { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) };
  return json(status, { error }, headers);
}
