import { createHttpClient, type HttpAnswer, type HttpRequest } from '../http/http-client.ts';
import type { FilledRequest } from './prepare-request.ts';

type Manner = Pick<HttpRequest, 'effect' | 'action' | 'signal'>;

/**
 * Sends a request on a connection of its own. A kept connection would go on talking to the instance that a reload is
 * about to replace, and ten thousand services would keep ten thousand of them.
 * @throws RotationError as HttpClient.send
 */
export async function sendOnce(request: FilledRequest, manner: Manner): Promise<HttpAnswer> {
  const client = createHttpClient(request.settings);
  try {
    const { method, path, headers, body } = request;
    return await client.send({ method, path, headers, ...(body === undefined ? {} : { body }), ...manner });
  } finally {
    client.close();
  }
}
