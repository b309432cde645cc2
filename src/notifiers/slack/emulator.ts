import { randomBytes } from 'node:crypto';
import type { NotifierEmulator } from '../../core/plugins/emulator.ts';
import { type EmulatedAnswer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';

const REFERENCE = 'env:EMULATED_SLACK_WEBHOOK';

interface Message {
  readonly text?: string;
  readonly blocks?: readonly { readonly type: string; readonly text?: { readonly text: string } }[];
}

/** An incoming webhook: answers in plain text, and refuses what Slack refuses. */
export async function startSlackEmulator(): Promise<NotifierEmulator> {
  const path = `/services/T0EMULATED/B0EMULATED/${randomBytes(18).toString('base64url')}`;
  const received: string[] = [];
  const server = await startLoopbackServer({
    isWrite: () => true,
    errorBody: () => ({ body: 'invalid_token', headers: { 'content-type': 'text/plain' } }),
    handle: (request) => {
      if (request.path !== path) return plain(404, 'no_service');
      const problem = problemIn(request.body);
      if (problem !== undefined) return plain(400, problem);
      received.push(shown(JSON.parse(request.body) as Message));
      return plain(200, 'ok');
    },
  });
  return {
    options: () => ({ webhook: REFERENCE }),
    resolve: (reference) => (reference === REFERENCE ? `${server.url}${path}` : undefined),
    inject: server.inject,
    effects: () => received.length,
    received: () => received,
    stop: server.stop,
  };
}

function problemIn(body: string): string | undefined {
  let message: Message;
  try {
    message = JSON.parse(body) as Message;
  } catch {
    return 'invalid_payload';
  }
  if (message.text === undefined || message.text === '') return 'no_text';
  const blocks = message.blocks ?? [];
  const tooLong = blocks.some(
    ({ type, text }) => (text?.text.length ?? 0) > (type === 'header' ? 150 : 3000),
  );
  return blocks.length > 50 || tooLong ? 'invalid_blocks' : undefined;
}

/** As a reader sees it. */
function shown({ blocks = [] }: Message): string {
  const text = JSON.stringify(blocks.map((block) => block))
    .replaceAll('\\n', '\n')
    .replaceAll('\\"', '"');
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function plain(status: number, body: string): EmulatedAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}
