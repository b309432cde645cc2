import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Notice, Notifier } from '../../core/plugins/notifier.ts';
import { destinationUrl } from '../../lib/notice/destination-url.ts';
import { postJson } from '../../lib/notice/post-json.ts';
import { headline, plainLines, shortMessage } from '../../lib/notice/wording.ts';
import type { SlackOptions } from './options.ts';

/** @throws RotationError CONFIG_INVALID when the reference is no URL to post to */
export async function openSlackNotifier(options: SlackOptions, ctx: OpenContext): Promise<Notifier> {
  const { name, timeoutMs } = ctx;
  const url = destinationUrl((await ctx.resolve(options.webhook)).reveal(), name);
  return {
    notify: async (notice, { signal }) => {
      const body = JSON.stringify(messageOf(notice));
      await postJson({ name, url, headers: {}, body, timeoutMs, signal });
    },
  };
}

/** `text` is what a screen reader and a notification show; a header takes 150 characters, a section 3000. */
function messageOf(notice: Notice) {
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text: cut(text) } });
  const next = notice.next.map((command) => `\`${escaped(command)}\``).join('\n');
  return {
    text: escaped(`${headline(notice)}\n${plainLines(notice).join('\n')}`).slice(0, 3500),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: headline(notice).slice(0, 150) } },
      section(escaped(shortMessage(notice))),
      ...(notice.live.length === 0 ? [] : [section(escaped(notice.live.join('\n')))]),
      ...(next === '' ? [] : [section(`Next:\n${next}`)]),
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: escaped(`rotation ${notice.rotationId}, ${notice.at}`) }],
      },
    ],
    unfurl_links: false,
  };
}

const LONGEST_SECTION = 3000;

/** Of a page that a system has quoted the escapes alone may be too long, and Slack would refuse all of it. */
function cut(text: string): string {
  if (text.length <= LONGEST_SECTION) return text;
  return `${text.slice(0, LONGEST_SECTION - 1).replace(/&[a-z]*$/, '')}…`;
}

/** The three characters that Slack gives a meaning; a channel cannot be mentioned by what a system has said. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
