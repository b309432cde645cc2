import { randomBytes } from 'node:crypto';
import type { NotifierEmulator } from '../../core/plugins/emulator.ts';
import { type EmulatedAnswer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';

const REFERENCE = 'env:EMULATED_GITHUB_TOKEN';
const COMMENTS = /^\/repos\/[^/]+\/[^/]+\/issues\/\d+\/comments$/;
/** Characters. */
const LONGEST_COMMENT = 65_536;

/** The comments of one issue. */
export async function startGithubIssueEmulator(): Promise<NotifierEmulator> {
  const token = `token-${randomBytes(18).toString('hex')}`;
  const received: string[] = [];
  const server = await startLoopbackServer({
    isWrite: ({ method }) => method === 'POST',
    errorBody: (status) => ({ body: JSON.stringify({ message: 'injected', status: String(status) }) }),
    handle: ({ method, path, headers, body }) => {
      if (headers.authorization !== `Bearer ${token}`) return problem(401, 'Bad credentials');
      if (method !== 'POST' || !COMMENTS.test(path)) return problem(404, 'Not Found');
      if (headers['user-agent'] === undefined)
        return problem(403, 'Request forbidden by administrative rules');
      const comment = (JSON.parse(body) as { body?: string }).body ?? '';
      if (comment === '' || comment.length > LONGEST_COMMENT) return problem(422, 'Validation Failed');
      received.push(comment);
      return json(201, { id: received.length, body: comment });
    },
  });
  return {
    options: (original) => ({
      repository: 'acme/incidents',
      issue: 7,
      ...original,
      token: REFERENCE,
      address: server.url,
    }),
    resolve: (reference) => (reference === REFERENCE ? token : undefined),
    inject: server.inject,
    effects: () => received.length,
    received: () => received,
    stop: server.stop,
  };
}

function problem(status: number, message: string): EmulatedAnswer {
  return json(status, { message, documentation_url: 'https://docs.github.com/rest', status: String(status) });
}

function json(status: number, body: unknown): EmulatedAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}
