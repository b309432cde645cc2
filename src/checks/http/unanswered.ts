import type { RotationError } from '../../core/errors/rotation-error.ts';
import type { CheckResult } from '../../core/plugins/check.ts';
import { quoted } from '../../lib/quoted.ts';

/**
 * What a question without an answer says about the service. A refused connection is the service's own doing (nothing
 * listens there): `fail`. A name that does not resolve, a certificate we do not trust, a cut or silent line may as
 * well be ours: `inconclusive`.
 */
export function unanswered(error: RotationError, url: string): CheckResult {
  if (isRefusedBy(error, url)) {
    return {
      verdict: 'fail',
      summary: 'nothing listens at its address',
      evidence: { error: 'connection refused' },
    };
  }
  const reason = quoted(error.context.reason ?? error.message);
  return {
    verdict: 'inconclusive',
    summary: `could not be asked: ${reason}`,
    evidence: { error: error.code },
  };
}

/** The port tells the service from a proxy on the way to it, whose refusal says nothing about the service. */
function isRefusedBy(error: RotationError, url: string): boolean {
  const { protocol, port } = new URL(url.replace(/\{\{.*$/s, ''));
  const refused = /ECONNREFUSED \S*:(\d+)/.exec(error.context.reason ?? '');
  return refused !== null && refused[1] === (port || (protocol === 'https:' ? '443' : '80'));
}
