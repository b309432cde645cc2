import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Notifier } from '../../core/plugins/notifier.ts';
import { onAbort } from '../../lib/http/on-abort.ts';
import { headline, plainLines } from '../../lib/notice/wording.ts';
import type { EmailOptions } from './options.ts';
import { smtpError } from './smtp-error.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** @throws RotationError CONFIG_INVALID when the password cannot be resolved */
export async function openEmailNotifier(options: EmailOptions, ctx: OpenContext): Promise<Notifier> {
  const { name, timeoutMs } = ctx;
  const { host, port, username, from, to } = options;
  const password = options.password === undefined ? undefined : await ctx.resolve(options.password);
  const connection = () => ({
    host,
    port,
    secure: port === 465,
    // A server that does not offer TLS gets neither the login nor the message; on this machine there is no way between.
    requireTLS: port !== 465 && !LOOPBACK.test(host),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username === undefined ? {} : { auth: { user: username, pass: password?.reveal() ?? '' } }),
  });
  return {
    notify: async (notice, { signal }) => {
      if (signal.aborted) {
        throw new RotationError('ABORTED', {
          subject: name,
          action: 'send the notice',
          reason: 'asked to stop',
        });
      }
      const { createTransport } = await import('nodemailer');
      const transport = createTransport(connection());
      const forget = onAbort(signal, () => transport.close());
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject: `[keyturn] ${headline(notice)}`,
          text: `${plainLines(notice).join('\n')}\n`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw smtpError(error, name);
      } finally {
        forget();
        transport.close();
      }
    },
  };
}
