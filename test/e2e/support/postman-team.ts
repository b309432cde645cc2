import { randomBytes } from 'node:crypto';
import { type LoopbackServer, startLoopbackServer } from '../../../src/lib/emulator/loopback-server.ts';

/** Postman's `GET /me` with several users, and keys that live for a number of further questions. */
export interface PostmanTeam {
  readonly url: string;
  /** A new key of that user. */
  issue(userId: number): string;
  /** How often anybody has asked who this key is. */
  asked(key: string): number;
  /** The key is accepted that many times more, and never again. */
  dieAfter(key: string, questions: number): void;
  stop(): Promise<void>;
}

export async function startPostmanTeam(): Promise<PostmanTeam> {
  const users = new Map<string, number>();
  const asked = new Map<string, number>();
  const left = new Map<string, number>();
  const server: LoopbackServer = await startLoopbackServer({
    isWrite: () => false,
    handle: ({ headers }) => {
      const key = String(headers['x-api-key'] ?? '');
      asked.set(key, (asked.get(key) ?? 0) + 1);
      const lives = left.get(key) ?? Number.POSITIVE_INFINITY;
      left.set(key, lives - 1);
      const id = users.get(key);
      if (id === undefined || lives <= 0)
        return json(401, { error: { name: 'AuthenticationError', message: 'Invalid API Key.' } });
      return json(200, {
        user: { id, username: `user-${id}`, teamId: 7, teamName: 'Platform' },
        operations: [],
      });
    },
  });
  return {
    url: server.url,
    issue: (userId) => {
      const key = newPostmanKey();
      users.set(key, userId);
      return key;
    },
    asked: (key) => asked.get(key) ?? 0,
    dieAfter: (key, questions) => void left.set(key, questions),
    stop: server.stop,
  };
}

/** In the form of a Postman key, made where it is used so that no scanner takes it for a real one. */
export function newPostmanKey(): string {
  return ['PM', 'AK-', randomBytes(12).toString('hex'), '-', randomBytes(17).toString('hex')].join('');
}

function json(
  status: number,
  body: object,
): { status: number; headers: Record<string, string>; body: string } {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
