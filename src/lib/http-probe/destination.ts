/**
 * Scheme and authority, without placeholders, user name or backslash: a secret must not be able to choose where it is
 * sent.
 */
const ORIGIN = /^(https?):\/\/[A-Za-z0-9._~[\]:%-]+(?=[/?]|$)/i;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The origin of a URL template, as `URL` writes it; undefined when the template does not fix one. */
export function originOf(template: string): string | undefined {
  const [origin] = ORIGIN.exec(template) ?? [];
  return origin === undefined ? undefined : parsed(origin)?.origin;
}

/** Why nothing may be sent to this URL template; undefined when it may. */
export function destinationProblem(template: string, allowInsecure: boolean): string | undefined {
  const origin = originOf(template);
  if (origin === undefined) {
    return 'must be an http(s) URL whose scheme, host and port are written out, without user name and placeholders';
  }
  if (/^[^/]+\/\/[^/?]+\/\//.test(template)) return 'must not have an empty first part in its path (//)';
  if (template.includes('#')) return 'must not have a fragment (#): it would not be sent';
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'https:' || LOOPBACK.test(hostname) || allowInsecure) return undefined;
  return 'must be https: plain http to another machine shows secrets on the way (`allowInsecure: true` accepts that)';
}

function parsed(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
