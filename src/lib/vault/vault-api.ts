import type { HttpAnswer } from '../http/http-client.ts';
import type { Session } from './session.ts';
import type { VaultClient, VaultRequest } from './vault-client.ts';

/** Requests with the token of the session; the answer may have any status. */
export type VaultApi = (request: VaultRequest) => Promise<HttpAnswer>;

/** A 403 says that nothing was done: after a new login the same request is sent once more, even a write. */
export function createVaultApi(client: VaultClient, session: Session): VaultApi {
  return async (request) => {
    const token = await session.token(request.signal);
    const answer = await client.send(request, token);
    if (answer.status !== 403 || !(await session.replaceIfDead(token, request.signal))) return answer;
    return client.send(request, await session.token(request.signal));
  };
}
