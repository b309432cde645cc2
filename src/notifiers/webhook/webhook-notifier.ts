import { randomUUID } from 'node:crypto';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Notifier } from '../../core/plugins/notifier.ts';
import { destinationUrl } from '../../lib/notice/destination-url.ts';
import { postJson } from '../../lib/notice/post-json.ts';
import { shortMessage } from '../../lib/notice/wording.ts';
import type { WebhookOptions } from './options.ts';
import { signatureOf } from './signature.ts';

/** @throws RotationError CONFIG_INVALID when the secret cannot be resolved */
export async function openWebhookNotifier(options: WebhookOptions, ctx: OpenContext): Promise<Notifier> {
  const { name, timeoutMs, clock } = ctx;
  const url = destinationUrl(options.url, name);
  const secret = await ctx.resolve(options.secret);
  return {
    notify: async (notice, { signal }) => {
      const timestamp = String(Math.floor(clock.now() / 1000));
      const body = JSON.stringify({ version: 1, ...notice, message: shortMessage(notice) });
      const headers = {
        'X-Keyturn-Event': randomUUID(),
        'X-Keyturn-Timestamp': timestamp,
        'X-Keyturn-Signature': signatureOf(secret.reveal(), timestamp, body),
      };
      await postJson({ name, url, headers, body, timeoutMs, signal });
    },
  };
}
