import { readFileSync } from 'node:fs';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { isThisMachine } from '../address-schema.ts';

/** Where the API server is, and how its certificate is checked. */
export interface ClusterAddress {
  /** Without a slash at its end. */
  readonly server: string;
  /** Name of the context. */
  readonly context: string;
  readonly ca?: string;
  readonly servername?: string;
}

/** @throws RotationError CONFIG_INVALID for a cluster that would be talked to without knowing that it is the one */
export function clusterAddress(config: KubeConfig, subject: string): ClusterAddress {
  const cluster = config.getCurrentCluster();
  const invalid = (reason: string, hint: string): RotationError =>
    new RotationError('CONFIG_INVALID', { subject, reason, hint });
  if (cluster === null || !URL.canParse(cluster.server))
    throw invalid('the cluster of its context has no usable `server`', 'Correct the kubeconfig.');
  const { protocol } = new URL(cluster.server);
  const loopback = protocol === 'http:' && isThisMachine(cluster.server);
  if (protocol !== 'https:' && !loopback)
    throw invalid(
      `${cluster.server} is not https: tokens and secrets could be read on the way`,
      'Use the https address of the API server (plain http is taken for this machine only, as of `kubectl proxy`).',
    );
  if (cluster.skipTLSVerify && !loopback)
    throw invalid(
      'its kubeconfig says insecure-skip-tls-verify, and verification is never switched off here',
      'Put the authority of the cluster into the kubeconfig (certificate-authority-data).',
    );
  if (cluster.proxyUrl !== undefined)
    throw invalid('its kubeconfig names a proxy-url, which is not supported', 'Set HTTPS_PROXY instead.');
  const ca = authorityOf(cluster, subject);
  return {
    server: cluster.server.replace(/\/+$/, ''),
    context: config.getCurrentContext(),
    ...(ca === undefined ? {} : { ca }),
    ...(cluster.tlsServerName === undefined ? {} : { servername: cluster.tlsServerName }),
  };
}

function authorityOf(
  { caFile, caData }: { readonly caFile?: string; readonly caData?: string },
  subject: string,
): string | undefined {
  // In the order of kubectl: data goes before the file.
  if (caData !== undefined) return Buffer.from(caData, 'base64').toString('utf8');
  if (caFile === undefined) return undefined;
  try {
    return readFileSync(caFile, 'utf8');
  } catch (error) {
    const reason = `the authority of the cluster cannot be read: ${(error as Error).message.slice(0, 200)}`;
    throw new RotationError('CONFIG_INVALID', { subject, reason });
  }
}
