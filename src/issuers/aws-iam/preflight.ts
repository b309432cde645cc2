import type { Credential } from '../../core/credential.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import { isRoot, userNameOf } from '../../lib/aws/arn.ts';
import { type CallerIdentity, callerIdentity } from '../../lib/aws/caller-identity.ts';
import { signingPair, validateAccessKey } from './access-key.ts';
import type { IssuerParts } from './issuer-parts.ts';
import { permissionFindings } from './permissions.ts';
import { quotaFindings } from './quota.ts';

type Draft = Omit<Finding, 'subject'>;

/** Everything that would stop create, deactivate or delete, at once. @throws RotationError what may be asked again, and ABORTED */
export async function preflightIam(
  parts: IssuerParts,
  oldKey: Credential,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const subject = parts.ctx.name;
  const questions = [
    () => formatFindings(parts, oldKey),
    () => ownerFindings(parts, oldKey, signal),
    async () => quotaFindings(parts.api, await parts.userName(signal), oldKey, signal),
    () => permissionFindings(parts, signal),
    () => ownKeyFindings(parts, oldKey, signal),
  ];
  const drafts: Draft[] = [];
  for (const question of questions) drafts.push(...(await reported(question)));
  return drafts.map((draft) => ({ ...draft, subject }));
}

async function formatFindings({ ctx }: IssuerParts, oldKey: Credential): Promise<Draft[]> {
  validateAccessKey(oldKey, ctx.name);
  return [];
}

/** Whose the old key is: of nobody (dead already), of the account itself, or of another user than the one named. */
async function ownerFindings(parts: IssuerParts, oldKey: Credential, signal: AbortSignal): Promise<Draft[]> {
  const { ctx, stsConfig } = parts;
  const pair = signingPair(oldKey, ctx.name);
  const call = { subject: ctx.name, timeoutMs: ctx.timeoutMs, signal };
  let owner: CallerIdentity;
  try {
    owner = await callerIdentity({ ...stsConfig, credentials: async () => pair }, call);
  } catch (error) {
    if (!isRotationError(error, 'UNAUTHENTICATED')) throw error;
    const message = 'AWS does not accept the current key: it is inactive, deleted or not of this partition';
    return [{ severity: 'warning', code: 'UNAUTHENTICATED', message, hint: error.hint }];
  }
  if (isRoot(owner.arn)) {
    const message = `the current key belongs to the root user of account ${owner.account}`;
    const hint = 'Delete keys of the root user; make an IAM user or a role for what uses this one.';
    return [{ severity: 'error', code: 'REFUSED', message, hint }];
  }
  const [self, user] = [await parts.self(signal), await parts.userName(signal)];
  const findings: Draft[] = [];
  if (owner.account !== self.account) {
    const message = `the current key is of account ${owner.account}; keyturn acts in ${self.account}`;
    const hint = 'Give this issuer credentials (or a profile) of that account.';
    findings.push({ severity: 'error', code: 'REFUSED', message, hint });
  }
  const name = userNameOf(owner.arn);
  if (name !== user) {
    const message = `the current key is of ${name ?? owner.arn}, not of ${user}`;
    findings.push({
      severity: 'error',
      code: 'REFUSED',
      message,
      hint: 'Correct `userName`, or the targets.',
    });
  }
  return findings;
}

async function ownKeyFindings(
  { signingKeyId }: IssuerParts,
  oldKey: Credential,
  signal: AbortSignal,
): Promise<Draft[]> {
  if ((await signingKeyId(signal)) !== oldKey['accessKeyId']?.reveal()) return [];
  const message = 'keyturn itself signs with the key that is rotated, and will not switch it off';
  const hint = 'Before the old key is deactivated, give keyturn the new one, or credentials of its own.';
  return [{ severity: 'warning', code: 'REFUSED', message, hint }];
}

async function reported(question: () => Promise<readonly Draft[]>): Promise<readonly Draft[]> {
  try {
    return await question();
  } catch (error) {
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    return [{ severity: 'error', code: error.code, message: error.message, hint: error.hint }];
  }
}
