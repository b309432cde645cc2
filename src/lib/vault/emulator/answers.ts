import { randomUUID } from 'node:crypto';
import type { EmulatedAnswer } from '../../emulator/loopback-server.ts';

const HEADERS = { 'content-type': 'application/json' };

export interface Extras {
  readonly status?: number;
  readonly warnings?: readonly string[];
  readonly auth?: Readonly<Record<string, unknown>>;
  readonly leaseSeconds?: number;
}

/** Vault's envelope; `data` is JSON text, so that numbers stand as they were stored. */
export function answered(data: string, extras: Extras = {}): EmulatedAnswer {
  const { status = 200, warnings, auth, leaseSeconds = 0 } = extras;
  const body =
    `{"request_id":"${randomUUID()}","lease_id":"","renewable":false,"lease_duration":${leaseSeconds},` +
    `"data":${escapedAsGo(data)},"wrap_info":null,"warnings":${JSON.stringify(warnings ?? null)},` +
    `"auth":${JSON.stringify(auth ?? null)}}\n`;
  return { status, headers: HEADERS, body };
}

/** 204, unless the server has something to remark: then 200. */
export function done(warnings: readonly string[]): EmulatedAnswer {
  return warnings.length === 0 ? { status: 204 } : answered('null', { warnings });
}

export function failed(status: number, ...errors: readonly string[]): EmulatedAnswer {
  return { status, headers: HEADERS, body: `${JSON.stringify({ errors })}\n` };
}

/** How the framework words an error that a plug-in returns. */
export function wrapped(error: string): string {
  return `1 error occurred:\n\t* ${error}\n\n`;
}

/** Go's encoder escapes these for HTML; outside of strings they do not occur. */
function escapedAsGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
