import { statusError, strangeAnswer } from '../http/answer.ts';
import { createHttpClient, type HttpAnswer } from '../http/http-client.ts';

export interface JsonPost {
  /** Subject of the errors. */
  readonly name: string;
  /** May be a secret as a whole; it is in no error. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Posts once, on a connection of its own: there are hours between two notices.
 * @throws RotationError for anything but an answer of 2xx that is no web page
 */
export async function postJson(post: JsonPost): Promise<HttpAnswer> {
  const { name, url, timeoutMs, body, signal } = post;
  const client = createHttpClient({ name, baseUrl: url.origin, timeoutMs });
  const about = { subject: name, action: 'send the notice', effect: 'write' } as const;
  try {
    const answer = await client.send({
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'keyturn', ...post.headers },
      body,
      signal,
      effect: about.effect,
      action: about.action,
    });
    if (answer.status < 200 || answer.status >= 300) throw statusError(answer, about);
    if ((answer.headers['content-type'] ?? '').includes('html')) throw strangeAnswer(answer, about);
    return answer;
  } finally {
    client.close();
  }
}
