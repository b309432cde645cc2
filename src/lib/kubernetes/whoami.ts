import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { StoreIdentity } from '../../core/plugins/store.ts';
import type { KubernetesClient } from './kubernetes-client.ts';

/**
 * From `POST selfsubjectreviews` (Kubernetes 1.28 and later, for every authenticated user). An older cluster does not
 * say who we are: then there is no `user` to compare.
 * @throws RotationError UNAUTHENTICATED, UNAVAILABLE, TIMEOUT
 */
export async function askWhoami(client: KubernetesClient, signal: AbortSignal): Promise<StoreIdentity> {
  const { server, context } = client;
  const user = await userName(client, signal);
  return {
    display: `${user ?? `context ${context}`} at ${server}`,
    attributes: { server, context, ...(user === undefined ? {} : { user }) },
  };
}

async function userName(client: KubernetesClient, signal: AbortSignal): Promise<string | undefined> {
  try {
    const review = await client.ask(
      {
        method: 'POST',
        path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
        subject: client.name,
        action: 'ask who we are',
        effect: 'read',
      },
      signal,
    );
    const { userInfo } = (review['status'] ?? {}) as { userInfo?: { username?: unknown } };
    return typeof userInfo?.username === 'string' && userInfo.username !== '' ? userInfo.username : undefined;
  } catch (error) {
    if (isRotationError(error, 'NOT_FOUND') || isRotationError(error, 'PERMISSION_DENIED')) return undefined;
    throw error;
  }
}
