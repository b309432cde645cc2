import type { JsonObject } from '../../core/json.ts';
import type { EmulatedAnswer, EmulatedRequest } from '../../lib/emulator/loopback-server.ts';
import type { EmulatedSecrets } from './emulated-secrets.ts';

/**
 * An API as companies write them for themselves: `/v1/secrets/REF` with all values, `/v1/secrets/REF/fields/FIELD` with
 * one of them; `PATCH` and `PUT` with `If-Match`; `/versions/N/restore` under both. `/v1/sealed` is the same, and shows
 * names in place of values.
 */
export function createRoutes(
  secrets: EmulatedSecrets,
  token: string,
  onEffect: () => void,
): (request: EmulatedRequest) => EmulatedAnswer {
  const change = (
    ref: string,
    values: JsonObject,
    live: number,
    request: EmulatedRequest,
  ): EmulatedAnswer => {
    const based = request.headers['if-match'];
    if (based !== undefined && based !== `"${live}"`) return failure(412, 'changed', 'somebody else wrote');
    onEffect();
    secrets.put(ref, values as Record<string, string>);
    return { status: 204, headers: {} };
  };

  const onSecret = (request: EmulatedRequest, ref: string, sealed: boolean): EmulatedAnswer => {
    const secret = secrets.secret(ref);
    if (secret === undefined) return failure(404, 'not_found', 'no such secret');
    if (request.method === 'GET') {
      const { value: values, version, updatedAt } = secret;
      return shown(sealed ? { names: Object.keys(values) } : { values }, version, updatedAt);
    }
    const { values } = JSON.parse(request.body) as { values: JsonObject };
    return tagged(change(ref, values, secret.version, request), secrets.secret(ref)?.version);
  };

  const onField = (request: EmulatedRequest, ref: string, field: string, sealed: boolean): EmulatedAnswer => {
    const found = secrets.value(ref, field);
    if (found === undefined) return failure(404, 'not_found', 'no such value');
    if (request.method === 'GET')
      return shown(sealed ? {} : { value: found.value }, found.version, found.updatedAt);
    const { value } = JSON.parse(request.body) as JsonObject;
    return tagged(
      change(ref, { [field]: value }, found.version, request),
      secrets.value(ref, field)?.version,
    );
  };

  const onRestore = (ref: string, field: string | undefined, version: string): EmulatedAnswer => {
    if (!secrets.restore(ref, field, Number(version.replaceAll('"', ''))))
      return failure(404, 'not_found', 'no such version');
    onEffect();
    return { status: 204 };
  };

  return (request) => {
    if (request.headers.authorization !== `Bearer ${token}`)
      return failure(401, 'unauthorized', 'the token is not valid');
    if (request.path === '/v1/whoami') return json(200, { account: { id: 42, name: 'Checkout' } });
    const [, , area, ref = '', ...rest] = request.path.split('/').map(decodeURIComponent);
    const [kind, name, versions, version, verb] = rest;
    const sealed = area === 'sealed';
    if (kind === undefined) return onSecret(request, ref, sealed);
    if (kind === 'versions' && name !== undefined) return onRestore(ref, undefined, name);
    if (kind !== 'fields' || name === undefined) return failure(404, 'not_found', 'no such path');
    if (versions === 'versions' && verb === 'restore') return onRestore(ref, name, version ?? '');
    return onField(request, ref, name, sealed);
  };
}

function shown(data: JsonObject, version: number, updatedAt: string): EmulatedAnswer {
  return tagged(json(200, { data, meta: { updated_at: updatedAt } }), version);
}

function tagged(answer: EmulatedAnswer, version: number | undefined): EmulatedAnswer {
  if (answer.status >= 400) return answer;
  return { ...answer, headers: { ...answer.headers, etag: `"${version}"` } };
}

export function failure(status: number, code: string, message: string): Required<EmulatedAnswer> {
  return json(status, { error: { code, message } });
}

function json(status: number, body: JsonObject): Required<EmulatedAnswer> {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
