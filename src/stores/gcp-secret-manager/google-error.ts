import { RotationError } from '../../core/errors/rotation-error.ts';
import { statusError } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { quoted } from '../../lib/quoted.ts';
import type { Call } from './call.ts';

/** An error status of a Google API as ours: its own words, its status by name. */
export function googleError(answer: HttpAnswer, call: Call): RotationError {
  const { status, message } = wordsOf(answer.body);
  // A precondition is an etag where we sent one; otherwise the state of a version.
  if (status === 'FAILED_PRECONDITION' || status === 'ABORTED') {
    const code = call.etag === undefined ? 'REFUSED' : 'CONFLICT';
    return new RotationError(code, { subject: call.subject, action: call.action, reason: message });
  }
  if (answer.status === 400 && status === 'RESOURCE_EXHAUSTED')
    return new RotationError('LIMIT_REACHED', {
      subject: call.subject,
      action: call.action,
      reason: message,
    });
  return statusError(answer, call, status === '' ? message : `${status}: ${message}`);
}

function wordsOf(body: string): { status: string; message: string } {
  try {
    const { error } = JSON.parse(body) as { error?: { status?: unknown; message?: unknown } };
    return {
      status: typeof error?.status === 'string' ? error.status : '',
      message: typeof error?.message === 'string' ? quoted(error.message, 300) : '',
    };
  } catch {
    return { status: '', message: '' };
  }
}
