import { RotationError } from '../../core/errors/rotation-error.ts';
import { type About, statusError } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { quoted } from '../quoted.ts';

/** Jenkins answers errors with web pages, which are not quoted; what counts is in the status and in headers. */
export function jenkinsError(answer: HttpAnswer, about: About): RotationError {
  const { subject, action } = about;
  switch (answer.status) {
    case 401:
      return new RotationError('UNAUTHENTICATED', {
        subject,
        action,
        reason: 'Jenkins does not accept user and token (status 401)',
        hint: 'Check `auth`: the user id, and that the API token was not revoked.',
      });
    case 403:
      return denied(answer, about);
    case 404:
      return new RotationError('NOT_FOUND', {
        subject,
        action,
        reason: 'status 404',
        hint: 'Check the spelling. Jenkins answers the same for what this user may not see.',
      });
    case 503:
      return statusError(answer, about, 'Jenkins is starting or busy');
    default:
      return statusError(answer, about);
  }
}

/** A POST whose crumb was missing, wrong, or of a session that has ended. Nothing was carried out. */
export function isCrumbRefusal(answer: HttpAnswer): boolean {
  return answer.status === 403 && answer.body.includes('No valid crumb');
}

function denied(answer: HttpAnswer, { subject, action }: About): RotationError {
  if (isCrumbRefusal(answer)) {
    return new RotationError('PERMISSION_DENIED', {
      subject,
      action,
      reason: 'Jenkins did not accept the crumb it gave (status 403)',
      hint: 'A proxy may drop cookies or change addresses. Use an API token: it needs no crumb.',
    });
  }
  const permission = answer.headers['x-required-permission'];
  const who = answer.headers['x-you-are-authenticated-as'];
  const missing = permission === undefined ? 'status 403' : `${quoted(permission)} is missing (status 403)`;
  return new RotationError('PERMISSION_DENIED', {
    subject,
    action,
    reason: who === undefined ? missing : `${missing}, authenticated as ${quoted(who)}`,
  });
}
