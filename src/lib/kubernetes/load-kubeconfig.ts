import { resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { KubernetesConnection } from './connection-schema.ts';

/** What the library falls back to when there is nothing anywhere. */
const NOWHERE = 'http://localhost:8080';

/**
 * The kubeconfig with the wanted context as its current one.
 * @throws RotationError CONFIG_INVALID
 */
export async function loadKubeconfig(
  options: KubernetesConnection,
  { name, baseDir }: { readonly name: string; readonly baseDir: string },
): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  const invalid = (reason: string, hint?: string): RotationError =>
    new RotationError('CONFIG_INVALID', { subject: name, reason, ...(hint === undefined ? {} : { hint }) });

  if (options.inCluster) {
    if ((process.env['KUBERNETES_SERVICE_HOST'] ?? '') === '')
      throw invalid('`inCluster` is set, but keyturn does not run in a pod (no KUBERNETES_SERVICE_HOST)');
    config.loadFromCluster();
    return config;
  }
  const { kubeconfig, context } = options;
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(resolve(baseDir, kubeconfig));
  } catch (error) {
    throw invalid(`the kubeconfig cannot be read: ${readable(error)}`);
  }
  if (kubeconfig === undefined && config.getCurrentCluster()?.server === NOWHERE)
    throw invalid(
      'there is no kubeconfig: neither in KUBECONFIG nor at ~/.kube/config, and this is no pod',
      'Give the store `kubeconfig: PATH`.',
    );
  if (context !== undefined) config.setCurrentContext(context);
  if (config.getCurrentCluster() === null) {
    const known = config.getContexts().map((each) => each.name);
    throw invalid(
      `its kubeconfig has no context ${context ?? config.getCurrentContext() ?? '(none is current)'}, or no cluster for it`,
      known.length === 0 ? 'It has no context at all.' : `Its contexts are: ${known.join(', ')}.`,
    );
  }
  return config;
}

/** A parser's message shows the lines around the fault, and those may hold a token. */
function readable(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'reason' in error && 'mark' in error) {
    const line = (error.mark as { line?: unknown } | null)?.line;
    return `it is not YAML (line ${typeof line === 'number' ? line + 1 : 'unknown'})`;
  }
  return error instanceof Error ? error.message.slice(0, 200) : 'it is not a kubeconfig';
}
