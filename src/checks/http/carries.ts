import type { EmulatedRequest } from '../../lib/emulator/loopback-server.ts';

/** Whether a request holds a value: anywhere, and in any form a template's filter or basic authentication gives it. */
export function carries(request: EmulatedRequest, value: string): boolean {
  const text = [request.url, request.body, ...Object.values(request.headers), basicAuth(request)].join('\n');
  const forms = [
    value,
    encodeURIComponent(value),
    Buffer.from(value, 'utf8').toString('base64'),
    JSON.stringify(value).slice(1, -1),
  ];
  return forms.some((form) => text.includes(form));
}

function basicAuth({ headers }: EmulatedRequest): string {
  const [, encoded] = /^Basic (.+)$/i.exec(headers.authorization ?? '') ?? [];
  return Buffer.from(encoded ?? '', 'base64').toString('utf8');
}
