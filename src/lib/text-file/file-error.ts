import type { ErrorCode } from '../../core/errors/codes.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'NOT_FOUND',
  ENOTDIR: 'NOT_FOUND',
  ELOOP: 'NOT_FOUND',
  EACCES: 'PERMISSION_DENIED',
  EPERM: 'PERMISSION_DENIED',
  EROFS: 'PERMISSION_DENIED',
  ENOSPC: 'LIMIT_REACHED',
  EDQUOT: 'LIMIT_REACHED',
  EFBIG: 'LIMIT_REACHED',
  ETIMEDOUT: 'TIMEOUT',
  ECANCELED: 'ABORTED',
};

const TOO_MANY_OPEN = 'Too many files are open; raise the limit (`ulimit -n`) if it goes on.';
const HINTS: Readonly<Record<string, string>> = {
  EMFILE: TOO_MANY_OPEN,
  ENFILE: TOO_MANY_OPEN,
  ETIMEDOUT: 'Look whether the file system is still there; a network file system may have lost its server.',
  ENOSPC: 'The disk is full; the old file is whole. Free some space, then run the command again.',
  EDQUOT: 'The disk quota is used up; the old file is whole. Free some space, then run the command again.',
  EACCES: 'Give keyturn’s user read and write permission on the file and on its folder.',
  EROFS: 'The file system is mounted read-only; write to where it comes from.',
};

/** What a refusal of the file system means. Only for whoever knows that the file is as it was. */
export function fileError(error: unknown, subject: string, action: string): RotationError {
  if (error instanceof RotationError) return error;
  const errno = errnoOf(error);
  const hint = HINTS[errno];
  const reason = (error as Error).message.slice(0, 200);
  return new RotationError(
    CODES[errno] ?? 'UNAVAILABLE',
    { subject, action, reason, ...(hint === undefined ? {} : { hint }) },
    { cause: error },
  );
}

export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
