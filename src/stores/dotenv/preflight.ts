import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Slot } from '../../core/plugins/store.ts';
import { effectiveEntry } from './edit-entries.ts';
import { type EnvFile, loadEnvFile } from './env-file.ts';
import { gitFindings } from './git-findings.ts';
import { hardLinked } from './save-env-file.ts';
import { scanEntries } from './scan-entries.ts';

export interface Look extends CallContext {
  readonly subject: string;
  readonly timeoutMs: number;
}

/** Everything that would stop a write to the slot, as far as looking can tell. */
export async function preflightSlot(path: string, slot: Slot, look: Look): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const file = await gather(findings, () => loadEnvFile(path, look.subject));
  if (file === undefined) {
    if (findings.length === 0) findings.push(missing(look.subject, 'there is no such file'));
    return findings;
  }
  for (const key of slot.fields) {
    const entry = await gather(findings, () => effectiveEntry(scanEntries(file.text), key, look.subject));
    if (entry?.value === '') findings.push(missing(look.subject, `its entry ${key} is empty`));
    const absent = !scanEntries(file.text).some((each) => each.key === key);
    if (absent) findings.push(missing(look.subject, `it has no entry ${key}`));
  }
  if (file.names > 1) findings.push(asFinding(hardLinked(file, look.subject)));
  findings.push(...(await permissionFindings(file, look.subject)));
  findings.push(...(await gitFindings(file.path, look.subject, look)));
  return findings;
}

async function permissionFindings(file: EnvFile, subject: string): Promise<Finding[]> {
  const denied = { severity: 'error', code: 'PERMISSION_DENIED', subject } as const;
  const findings: Finding[] = [];
  if (!(await isPermitted(file.path, constants.W_OK))) {
    findings.push({ ...denied, message: 'keyturn may not write the file' });
  }
  if (!(await isPermitted(dirname(file.path), constants.W_OK | constants.X_OK))) {
    const message = `keyturn may not write to its folder ${dirname(file.path)}, which a replacement in one piece needs`;
    findings.push({ ...denied, message });
  }
  if (!mayKeepOwner(file)) {
    const message = `it belongs to user ${file.owner.uid}, group ${file.owner.gid}, which keyturn could not keep`;
    findings.push({ ...denied, message, hint: 'Run keyturn as the owner of the file.' });
  }
  if ((file.mode & 0o004) !== 0) {
    const message = 'every user of the machine may read it';
    findings.push({ severity: 'warning', code: 'REFUSED', subject, message, hint: 'chmod 600 (or 640) it.' });
  }
  return findings;
}

/** Only root gives files away; everybody else keeps their own user and any of their groups. */
function mayKeepOwner({ owner }: EnvFile): boolean {
  const uid = process.geteuid?.();
  if (uid === undefined || uid === 0) return true;
  const groups = [process.getegid?.(), process.getgroups?.()].flat();
  return owner.uid === uid && groups.includes(owner.gid);
}

async function isPermitted(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** What the work refuses becomes a finding; the rest goes on. */
async function gather<T>(findings: Finding[], work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RotationError)) throw error;
    findings.push(asFinding(error));
    return undefined;
  }
}

export function asFinding(error: RotationError): Finding {
  const { subject, reason } = error.context;
  return { severity: 'error', code: error.code, subject, message: reason ?? error.message, hint: error.hint };
}

function missing(subject: string, message: string): Finding {
  return { severity: 'error', code: 'NOT_FOUND', subject, message };
}
