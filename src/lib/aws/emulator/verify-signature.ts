import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { EmulatedRequest } from '../../emulator/loopback-server.ts';

/** What the `Authorization` header of Signature Version 4 names. */
interface Signed {
  readonly accessKeyId: string;
  /** `date/region/service/aws4_request`. */
  readonly scope: string;
  readonly headers: readonly string[];
  readonly signature: string;
}

function signedBy(request: EmulatedRequest): Signed | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (match === null) return undefined;
  const [, accessKeyId = '', scope = '', headers = '', signature = ''] = match;
  return { accessKeyId, scope, headers: headers.split(';'), signature };
}

/** The id of the key a request was signed with; undefined when it is not signed. */
export function signingKeyOf(request: EmulatedRequest): string | undefined {
  return signedBy(request)?.accessKeyId;
}

/** The service a request was signed for: one address serves several. */
export function signedServiceOf(request: EmulatedRequest): string | undefined {
  return signedBy(request)?.scope.split('/')[2];
}

/** Whether the request was signed with this secret, headers and body as they arrived. */
export function isSignedWith(request: EmulatedRequest, secretAccessKey: string): boolean {
  const signed = signedBy(request);
  if (signed === undefined) return false;
  const canonical = [
    request.method,
    request.path,
    request.query.toString(),
    ...signed.headers.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}`),
    '',
    signed.headers.join(';'),
    createHash('sha256').update(request.body, 'utf8').digest('hex'),
  ].join('\n');
  const text = [
    'AWS4-HMAC-SHA256',
    String(request.headers['x-amz-date'] ?? ''),
    signed.scope,
    createHash('sha256').update(canonical, 'utf8').digest('hex'),
  ].join('\n');
  const key = signed.scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`);
  return timingSafeEqual(hmac(key, text), Buffer.from(signed.signature, 'hex'));
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
