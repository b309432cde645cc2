/**
 * Scheme and authority, without placeholders, user name or backslash: a secret must not be able to choose where it is
 * sent.
 */
const ORIGIN = /^(https?):\/\/[A-Za-z0-9._~[\]:%-]+(?=[/?]|$)/i;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Where a URL template sends to, or why nothing may be sent there. */
export type Destination =
  | { readonly origin: string; readonly problem?: undefined }
  | { readonly origin?: undefined; readonly problem: string };

/**
 * The origin is written as `URL` writes it.
 * @param allowInsecure what the option of that name says; `never` where there is none
 */
export function destinationOf(template: string, allowInsecure: boolean | 'never'): Destination {
  const [written = ''] = ORIGIN.exec(template) ?? [];
  if (!URL.canParse(written)) {
    return {
      problem:
        'must be an http(s) URL whose scheme, host and port are written out, without user name and placeholders',
    };
  }
  if (/^[^/]+\/\/[^/?]+\/\//.test(template)) {
    return { problem: 'must not have an empty first part in its path (//)' };
  }
  if (template.includes('#')) return { problem: 'must not have a fragment (#): it would not be sent' };
  const { protocol, hostname, origin } = new URL(written);
  if (protocol === 'https:' || LOOPBACK.test(hostname) || allowInsecure === true) return { origin };
  const problem = 'must be https: plain http to another machine shows secrets on the way';
  return {
    problem: allowInsecure === 'never' ? problem : `${problem} (\`allowInsecure: true\` accepts that)`,
  };
}
