/** Where github.com is asked; the default of every `address`. */
export const GITHUB = 'https://github.com';

const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '[::1]']);

const GITHUB_HOSTS = new Set(['github.com', 'api.github.com', 'www.github.com']);

/** GitHub Enterprise Cloud with data residency: a tenant is `SUBDOMAIN.ghe.com`. */
const RESIDENT = '.ghe.com';

/** github.com and its tenants, or an Enterprise Server somewhere. */
export function isEnterpriseServer(address: string): boolean {
  const { hostname } = new URL(address);
  return !GITHUB_HOSTS.has(hostname) && !hostname.endsWith(RESIDENT);
}

export function isThisMachine(address: string): boolean {
  return THIS_MACHINE.has(new URL(address).hostname);
}

/**
 * The base of every API call: `https://api.github.com`, `https://api.SUBDOMAIN.ghe.com`, or `https://HOST/api/v3` of an
 * Enterprise Server.
 */
export function apiUrl(address: string): string {
  const { protocol, hostname, host, origin, pathname } = new URL(address);
  if (GITHUB_HOSTS.has(hostname)) return 'https://api.github.com';
  if (hostname.endsWith(RESIDENT)) return `${protocol}//${host.startsWith('api.') ? host : `api.${host}`}`;
  const path = pathname.replace(/\/+$/, '');
  return `${origin}${path === '' ? '/api/v3' : path}`;
}

/** The base of the pages that a person opens. */
export function webUrl(address: string): string {
  const { protocol, hostname, host, origin } = new URL(address);
  if (GITHUB_HOSTS.has(hostname)) return GITHUB;
  return hostname.endsWith(RESIDENT) ? `${protocol}//${host.replace(/^api\./, '')}` : origin;
}

/** Why an address may not be used, or undefined. A token travels in the first request, so HTTP stays on this machine. */
export function addressProblem(address: string): string | undefined {
  if (!URL.canParse(address)) return 'must be a URL';
  const { protocol, hostname, username, password, search, hash } = new URL(address);
  if (username !== '' || password !== '') return 'must not hold a user name or password';
  if (search !== '' || hash !== '') return 'must not have a query or fragment';
  if (protocol === 'https:') return undefined;
  if (protocol === 'http:' && THIS_MACHINE.has(hostname)) return undefined;
  return 'must begin with https:// (http:// only for this machine)';
}
