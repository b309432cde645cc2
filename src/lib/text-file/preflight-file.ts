import { constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import { gitFindings } from './git-findings.ts';
import { hardLinked } from './save-text-file.ts';
import { type FileWork, loadTextFile, type TextFile } from './text-file.ts';
import type { TextFormat } from './text-format.ts';

export interface Look extends CallContext, FileWork {
  readonly timeoutMs: number;
}

/** Everything that would stop a write to these fields of a file, as far as looking can tell. */
export async function preflightFile(
  path: string,
  fields: readonly string[],
  format: TextFormat,
  look: Look,
): Promise<readonly Finding[]> {
  const { subject } = look;
  const findings: Finding[] = [];
  const file = await gather(findings, () => loadTextFile(path, look));
  if (file === undefined) {
    if (findings.length > 0) return findings;
    return [asFinding(new RotationError('NOT_FOUND', { subject, reason: 'there is no such file' }))];
  }
  for (const field of fields) await gather(findings, () => assertFilled(file, field, format, subject));
  if (file.names > 1) findings.push(asFinding(hardLinked(file, subject)));
  findings.push(...(await permissionFindings(file, look)));
  findings.push(...(await gitFindings(file.path, subject, look)));
  return findings;
}

function assertFilled(file: TextFile, field: string, format: TextFormat, subject: string): void {
  const value = format.valueOf(file.text, field, subject);
  if (value !== undefined && value !== '') return;
  const name = format.nameOf(field);
  const reason = value === undefined ? `it has no ${name}` : `its ${name} is empty`;
  throw new RotationError('NOT_FOUND', { subject, reason });
}

async function permissionFindings(file: TextFile, { disk, subject }: FileWork): Promise<Finding[]> {
  const denied = { severity: 'error', code: 'PERMISSION_DENIED', subject } as const;
  const findings: Finding[] = [];
  if (!(await isPermitted(disk, file.path, constants.W_OK))) {
    findings.push({ ...denied, message: 'keyturn may not write the file' });
  }
  // Read as well: what a killed replacement has left is looked for, and the folder itself is made durable.
  if (!(await isPermitted(disk, dirname(file.path), constants.R_OK | constants.W_OK | constants.X_OK))) {
    const message = `keyturn may not read and write its folder ${dirname(file.path)}, which a replacement in one piece needs`;
    findings.push({ ...denied, message });
  }
  if (!mayKeepOwner(file)) {
    const message = `it belongs to user ${file.owner.uid}, group ${file.owner.gid}, which keyturn could not keep`;
    findings.push({
      ...denied,
      message,
      hint: 'Run keyturn as the owner of the file, and as a member of its group.',
    });
  }
  if ((file.mode & 0o004) !== 0) {
    const message = 'every user of the machine may read it';
    findings.push({ severity: 'warning', code: 'REFUSED', subject, message, hint: 'chmod 600 (or 640) it.' });
  }
  return findings;
}

/** Only root gives files away; everybody else keeps their own user and any of their groups. */
function mayKeepOwner({ owner }: TextFile): boolean {
  const uid = process.geteuid?.();
  if (uid === undefined || uid === 0) return true;
  const groups = [process.getegid?.(), process.getgroups?.()].flat();
  return owner.uid === uid && groups.includes(owner.gid);
}

async function isPermitted(disk: FileWork['disk'], path: string, mode: number): Promise<boolean> {
  return disk.access(path, mode).then(
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

/** The subject stands beside the message, and need not be repeated in it. */
export function asFinding({ code, context, message, hint }: RotationError): Finding {
  return { severity: 'error', code, subject: context.subject, message: context.reason ?? message, hint };
}
