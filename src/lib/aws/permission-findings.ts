import type { Finding } from '../../core/finding.ts';
import type { Caller } from './caller.ts';

/**
 * What IAM says beforehand of actions that only a write would prove. What a policy denies is an error; what none
 * allows is a warning, since a policy of the resource itself may, and a simulation does not see that.
 */
export async function permissionFindings(
  caller: Caller,
  question: { readonly actions: readonly string[]; readonly resource: string },
  { subject, signal }: { readonly subject: string; readonly signal: AbortSignal },
): Promise<Finding[]> {
  const { actions, resource } = question;
  const verdict = await caller.simulate(actions, resource, signal);
  if (!verdict.known) {
    const verb = actions.length === 1 ? 'is' : 'are';
    const message = `IAM does not tell in advance whether ${actions.join(' and ')} ${verb} allowed: ${verdict.reason}`;
    return [{ severity: 'info', code: 'PERMISSION_DENIED', subject, message }];
  }
  return verdict.denied.map(({ action, explicit }) => ({
    severity: explicit ? 'error' : 'warning',
    code: 'PERMISSION_DENIED',
    subject,
    message: explicit ? `a policy denies ${action}` : `no policy of the identity allows ${action}`,
    hint: `Allow ${action} on ${resource}.`,
  }));
}
