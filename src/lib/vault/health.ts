import type { Finding } from '../../core/finding.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import type { VaultClient } from './vault-client.ts';

/** The server's own word on its state; asked of the root namespace, without a token. */
export function readHealth(client: VaultClient, signal: AbortSignal): Promise<HttpAnswer> {
  return client.sendToRoot({
    method: 'GET',
    path: '/sys/health?standbyok=true&perfstandbyok=true',
    effect: 'read',
    action: 'ask for its health',
    signal,
  });
}

export function clusterName(health: HttpAnswer): string | undefined {
  try {
    const { cluster_name: name } = JSON.parse(health.body) as { cluster_name?: unknown };
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Sealed and standby nodes have statuses of their own; a proxy that hides the endpoint proves nothing. */
export function healthFinding(health: HttpAnswer, subject: string): Finding | undefined {
  const known = STATES[health.status];
  return known === undefined ? undefined : { ...known, subject };
}

const STATES: Readonly<Record<number, Omit<Finding, 'subject'>>> = {
  501: { severity: 'error', code: 'UNAVAILABLE', message: 'The server is not initialised.' },
  503: {
    severity: 'error',
    code: 'UNAVAILABLE',
    message: 'The server is sealed.',
    hint: 'Unseal it, then run the command again.',
  },
  472: {
    severity: 'error',
    code: 'UNAVAILABLE',
    message: 'The server is a disaster-recovery secondary, which serves no requests.',
    hint: 'Set `address` to the primary cluster.',
  },
  429: {
    severity: 'info',
    code: 'UNAVAILABLE',
    message: 'The node is a standby; it hands requests to the active node.',
  },
  473: {
    severity: 'info',
    code: 'UNAVAILABLE',
    message: 'The node is a performance standby; it hands writes on.',
  },
};
