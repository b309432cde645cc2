import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Notice, Notifier } from '../../core/plugins/notifier.ts';
import { destinationUrl } from '../../lib/notice/destination-url.ts';
import { postJson } from '../../lib/notice/post-json.ts';
import { headline, shortMessage } from '../../lib/notice/wording.ts';
import type { GithubIssueOptions } from './options.ts';

/** @throws RotationError CONFIG_INVALID when the token cannot be resolved */
export async function openGithubIssueNotifier(
  options: GithubIssueOptions,
  ctx: OpenContext,
): Promise<Notifier> {
  const { name, timeoutMs } = ctx;
  const { address, repository, issue } = options;
  const url = destinationUrl(
    `${address.replace(/\/+$/, '')}/repos/${repository}/issues/${issue}/comments`,
    name,
  );
  const token = await ctx.resolve(options.token);
  return {
    notify: async (notice, { signal }) => {
      const headers = {
        Authorization: `Bearer ${token.reveal()}`,
        Accept: 'application/vnd.github+json',
        'X-GitHub-Api-Version': '2022-11-28',
      };
      const body = JSON.stringify({ body: commentOf(notice) });
      await postJson({ name, url, headers, body, timeoutMs, signal });
    },
  };
}

/** What a system has said stands in a block of code: there it can neither mention anybody nor close an issue. */
function commentOf(notice: Notice): string {
  return [
    `**${headline(notice)}**`,
    fenced([shortMessage(notice), ...notice.live].join('\n')),
    ...(notice.next.length === 0 ? [] : ['Next:', fenced(notice.next.join('\n'))]),
    `Rotation \`${notice.rotationId}\`, ${notice.at}`,
  ].join('\n\n');
}

/** With a fence longer than any run of backticks inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
