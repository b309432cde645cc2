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
  /** Does not work, for that many questions. */
  breakFor(questions: number): void;
  /** Keeps the next question waiting; `arrived` resolves when it is there. */
  hold(): { readonly arrived: Promise<void>; release(): void };
  stop(): Promise<void>;
}

export async function startPostmanTeam(): Promise<PostmanTeam> {
  const users = new Map<string, number>();
  const asked = new Map<string, number>();
  const left = new Map<string, number>();
  let broken = 0;
  let held: { readonly free: Promise<void>; arrive(): void } | undefined;
  const server: LoopbackServer = await startLoopbackServer({
    isWrite: () => false,
    handle: async ({ headers }) => {
      const key = String(headers['x-api-key'] ?? '');
      asked.set(key, (asked.get(key) ?? 0) + 1);
      const waiting = held;
      held = undefined;
      waiting?.arrive();
      await waiting?.free;
      if (broken > 0) {
        broken -= 1;
        return json(503, { error: { name: 'serviceUnavailable', message: 'Down for a moment.' } });
      }
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
    breakFor: (questions) => {
      broken = questions;
    },
    hold: () => {
      let arrive: () => void = () => {};
      let release: () => void = () => {};
      const arrived = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      const free = new Promise<void>((resolve) => {
        release = resolve;
      });
      held = { free, arrive };
      return { arrived, release };
    },
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
