import { isThisMachine } from '../address-schema.ts';

/** Where an engine listens: a socket of this machine, or a port. */
export interface EngineAddress {
  readonly baseUrl: string;
  readonly socketPath?: string;
}

const TCP = /^tcp:\/\/([^/?#@]+:\d{1,5})\/?$/;
const LOCAL = /^(?:unix|npipe):\/\/(\/.+)$/;

/** Whoever reaches an engine is root on its machine: never without TLS over a network. */
export function addressProblem(address: string, tls: boolean): string | undefined {
  if (address.startsWith('ssh://'))
    return 'ssh:// is not supported: forward the socket (`ssh -L /tmp/docker.sock:/var/run/docker.sock HOST`) and use unix://';
  if (LOCAL.test(address)) return tls ? 'a socket of this machine takes no `tls`' : undefined;
  const [, host] = TCP.exec(address) ?? [];
  if (host === undefined || !URL.canParse(`http://${host}`))
    return 'must be unix:///PATH, npipe:////./pipe/NAME or tcp://HOST:PORT';
  if (tls || isThisMachine(`http://${host}`)) return undefined;
  return 'tcp:// to another machine needs `tls`: whoever reads along is root there';
}

/** Of an address without a problem. */
export function engineAddress(address: string, tls: boolean): EngineAddress {
  const [, socketPath] = LOCAL.exec(address) ?? [];
  // The host is only what the request says.
  if (socketPath !== undefined) return { socketPath, baseUrl: 'http://docker' };
  const [, host = ''] = TCP.exec(address) ?? [];
  return { baseUrl: `${tls ? 'https' : 'http'}://${host}` };
}
