import { RotationError } from '../../core/errors/rotation-error.ts';
import { statusError } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import type { SdkCall } from '../../lib/http/sdk-calls.ts';
import { quoted } from '../../lib/quoted.ts';

/** Key Vault's codes beneath its codes, where the status says something else. */
export const DISABLED = 'SecretDisabled';

/** An error status of Key Vault as ours: its own words, its codes. */
export function vaultError(answer: HttpAnswer, call: SdkCall): RotationError {
  const { code, inner, message } = wordsOf(answer.body);
  const codes = [code, inner].filter((part) => part !== '').join('/');
  const reason = codes === '' ? message : `${codes}: ${message}`;
  if (answer.status === 403 && inner === DISABLED) {
    const hint = 'Enable the version, or give the secret a new value.';
    return new RotationError('REFUSED', { subject: call.subject, action: call.action, reason, hint });
  }
  return statusError(answer, call, reason);
}

function wordsOf(body: string): { code: string; inner: string; message: string } {
  try {
    const { error } = JSON.parse(body) as {
      error?: { code?: unknown; message?: unknown; innererror?: { code?: unknown } | null };
    };
    const [line = ''] = text(error?.message).split(/\r?\n/);
    return { code: text(error?.code), inner: text(error?.innererror?.code), message: quoted(line, 300) };
  } catch {
    return { code: '', inner: '', message: '' };
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
