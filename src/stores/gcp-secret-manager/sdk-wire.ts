import { jsonOf } from '../../lib/http/answer.ts';
import type { HttpClient } from '../../lib/http/http-client.ts';
import { createSdkCalls, type SdkCalls } from '../../lib/http/sdk-calls.ts';
import type { Call } from './call.ts';
import { googleError } from './google-error.ts';
import type { Login } from './login.ts';

export interface SdkWire {
  /** Given to the SDK as its authenticated client. */
  readonly client: {
    readonly universeDomain: string;
    getRequestHeaders(): Promise<Headers>;
    fetch(url: string | URL, request?: RequestInit): Promise<Response>;
  };
  readonly call: SdkCalls<Call>['run'];
}

/** Our HTTP client under the SDK. */
export function createSdkWire(http: HttpClient, login: Login): SdkWire {
  const calls = createSdkCalls<Call>('Secret Manager');
  return {
    client: {
      universeDomain: 'googleapis.com',
      getRequestHeaders: async () => new Headers(),
      fetch: async (url, request = {}) => {
        const call = calls.current();
        const { pathname, search } = new URL(String(url));
        const answer = await http.send({
          ...call,
          method: request.method ?? 'GET',
          path: `${pathname}${search}`,
          headers: { ...Object.fromEntries(new Headers(request.headers)), ...(await login.headers(call)) },
          ...(typeof request.body === 'string' ? { body: request.body } : {}),
        });
        if (answer.status === 401) login.forget();
        if (answer.status < 200 || answer.status > 299) throw googleError(answer, call);
        jsonOf(answer, call);
        return new Response(answer.body, { status: 200 });
      },
    },
    call: calls.run,
  };
}
