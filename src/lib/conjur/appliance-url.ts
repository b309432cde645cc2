const SAAS_HOSTS = ['.secretsmgr.cyberark.cloud', '-secretsmanager.cyberark.cloud'];

const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The base of every call: SaaS tenants serve the API below `/api`, also when the address does not say so. */
export function applianceUrl(address: string): string {
  const url = new URL(address);
  const path = url.pathname.replace(/\/+$/, '');
  const saas = SAAS_HOSTS.some((suffix) => url.hostname.endsWith(suffix));
  return `${url.origin}${saas && path === '' ? '/api' : path}`;
}

/** Why an address may not be used, or undefined. The credential travels in the first request, so HTTP stays on this machine. */
export function addressProblem(address: string): string | undefined {
  if (!URL.canParse(address)) return 'must be a URL';
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (url.search !== '' || url.hash !== '') return 'must not have a query or fragment';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && THIS_MACHINE.has(url.hostname)) return undefined;
  return 'must begin with https:// (http:// only for this machine)';
}
