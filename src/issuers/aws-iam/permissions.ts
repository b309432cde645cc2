import type { Finding } from '../../core/finding.ts';
import { isRoot, parseArn, userNameOf } from '../../lib/aws/arn.ts';
import type { CallerIdentity } from '../../lib/aws/caller-identity.ts';
import { awsClientConfig } from '../../lib/aws/client-config.ts';
import { simulatePolicy } from '../../lib/aws/simulate-policy.ts';
import type { IssuerParts } from './issuer-parts.ts';

/** The whole way, to the end: a key that can be made and not be switched off is the worst of outcomes. */
const NEEDED = [
  'iam:ListAccessKeys',
  'iam:CreateAccessKey',
  'iam:UpdateAccessKey',
  'iam:DeleteAccessKey',
  'iam:GetAccessKeyLastUsed',
] as const;

type Draft = Omit<Finding, 'subject'>;

export async function permissionFindings(parts: IssuerParts, signal: AbortSignal): Promise<Draft[]> {
  const { api, ctx, options } = parts;
  const [self, user] = [await parts.self(signal), await parts.userName(signal)];
  if (isRoot(self.arn)) {
    const message = `keyturn acts as the root user of account ${self.account}, who may do everything`;
    const hint = 'Use a role or a user with the five permissions this issuer needs.';
    return [{ severity: 'warning', code: 'PERMISSION_DENIED', message, hint }];
  }
  const verdict = await simulatePolicy(
    { ...awsClientConfig(options, 'iam', ctx), credentials: () => api.credentials() },
    { callerArn: self.arn, actions: NEEDED, resource: userArn(self, user) },
    { subject: ctx.name, timeoutMs: ctx.timeoutMs, signal },
  );
  if (!verdict.known) {
    const message = `it could not be seen in advance whether ${NEEDED.join(', ')} are allowed: ${verdict.reason}`;
    const hint = 'Allow iam:SimulatePrincipalPolicy to have this checked before a key is made.';
    return [{ severity: 'warning', code: 'PERMISSION_DENIED', message, hint }];
  }
  return verdict.denied.map(({ action }) => ({
    severity: 'error',
    code: 'PERMISSION_DENIED',
    message: `${self.arn} may not ${action} on user ${user}`,
    hint: `Allow ${action} on ${userArn(self, user)}.`,
  }));
}

/** The path of another user is not known from the name; a user without one is what most are. */
function userArn(self: CallerIdentity, user: string): string {
  if (userNameOf(self.arn) === user) return self.arn;
  return `arn:${parseArn(self.arn)?.partition ?? 'aws'}:iam::${self.account}:user/${user}`;
}
