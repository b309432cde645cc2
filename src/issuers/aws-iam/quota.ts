import type { Credential } from '../../core/credential.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { KeyRecord } from '../../core/plugins/issuer.ts';
import { KEYS_PER_USER } from './access-key.ts';
import type { IamApi } from './iam-api.ts';

type Draft = Omit<Finding, 'subject'>;

/** Whether there is room for one more key; if not, which keys there are and which could go. Nothing is deleted here. */
export async function quotaFindings(
  api: IamApi,
  user: string,
  oldKey: Credential,
  signal: AbortSignal,
): Promise<Draft[]> {
  const keys = await api.list(user, signal);
  const oldId = oldKey['accessKeyId']?.reveal();
  const findings: Draft[] = [];
  if (!keys.some((key) => key.id === oldId)) {
    const message = `the current key is not among the ${keys.length} keys of ${user}`;
    findings.push({
      severity: 'warning',
      code: 'NOT_FOUND',
      message,
      hint: 'Check `userName` and the targets.',
    });
  }
  if (keys.length < KEYS_PER_USER) return findings;

  const described: string[] = [];
  for (const key of keys) described.push(await describe(api, key, oldId, signal));
  const message = `${user} has ${keys.length} of ${KEYS_PER_USER} keys: ${described.join('; ')}`;
  findings.push({ severity: 'error', code: 'LIMIT_REACHED', message, hint: hintFor(user, keys, oldId) });
  return findings;
}

async function describe(
  api: IamApi,
  key: KeyRecord,
  oldId: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const name = key.id === oldId ? `${key.id} (the one to rotate)` : key.id;
  return `${name} is ${key.status}, made ${day(key.createdAt)}, ${await usageOf(api, key.id, signal)}`;
}

/** Not worth failing over: it only helps to choose. */
async function usageOf(api: IamApi, id: string, signal: AbortSignal): Promise<string> {
  try {
    const { lastUsedAt } = await api.lastUsed(id, signal);
    return lastUsedAt === undefined ? 'never used' : `last used ${day(lastUsedAt)}`;
  } catch (error) {
    if (!isRotationError(error) || error.code === 'ABORTED') throw error;
    return 'last use not known';
  }
}

function day(iso: string | undefined): string {
  return iso?.slice(0, 10) ?? 'at an unknown date';
}

/** An inactive key can go at once; an active one must be switched off and watched first. */
function hintFor(user: string, keys: readonly KeyRecord[], oldId: string | undefined): string {
  const others = keys.filter((key) => key.id !== oldId);
  const spare = others.find((key) => key.status === 'inactive') ?? others[0];
  if (spare === undefined) return 'Delete a key that nothing uses.';
  const target = `--user-name ${user} --access-key-id ${spare.id}`;
  const remove = `aws iam delete-access-key ${target}`;
  if (spare.status === 'inactive') return `Nothing can be using ${spare.id}: \`${remove}\`.`;
  return `If nothing uses ${spare.id}: \`aws iam update-access-key --status Inactive ${target}\`, wait, then \`${remove}\`.`;
}
