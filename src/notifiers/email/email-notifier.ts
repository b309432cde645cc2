import { Socket } from 'node:net';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Notifier } from '../../core/plugins/notifier.ts';
import { raceDeadline } from '../../lib/http/race-deadline.ts';
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
      const { createTransport } = await import('nodemailer');
      const socket = new Socket();
      const transport = createTransport({ ...connection(), socket });
      try {
        // Its own limits are for each answer, and begin anew with every byte.
        await raceDeadline({ subject: name, action: 'send the notice', signal, timeoutMs }, () =>
          transport.sendMail({
            from,
            to: [...to],
            subject: `[keyturn] ${headline(notice)}`,
            text: `${plainLines(notice).join('\n')}\n`,
            headers: { 'Auto-Submitted': 'auto-generated' },
          }),
        );
      } catch (error) {
        hangUp(socket);
        throw isRotationError(error) ? error : smtpError(error, name);
      } finally {
        transport.close();
      }
    },
  };
}

/** Also when it was not connected yet: a name that is found later would connect it all the same. */
function hangUp(socket: Socket): void {
  socket.on('connect', () => socket.destroy());
  socket.destroy();
}
