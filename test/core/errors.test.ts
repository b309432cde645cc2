import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../src/core/errors/codes.ts';
import { DEFINITIONS } from '../../src/core/errors/definitions.ts';
import { EXIT } from '../../src/core/errors/exit-codes.ts';
import { isRotationError, RotationError } from '../../src/core/errors/rotation-error.ts';

/**
 * Scripts act on these: a changed line is a breaking change. Code: exit code, whether asking again is safe, message
 * for a full context.
 */
const PINNED: Readonly<Record<ErrorCode, readonly [number, boolean, string]>> = {
  CONFIG_INVALID: [2, false, 'vault/x is not valid (while trying to read): because'],
  REFUSED: [3, false, 'vault/x was refused (while trying to read): because'],
  UNAUTHENTICATED: [1, false, 'vault/x did not accept the credential (while trying to read): because'],
  PERMISSION_DENIED: [1, false, 'vault/x denied permission (while trying to read): because'],
  NOT_FOUND: [1, false, 'vault/x was not found (while trying to read): because'],
  CONFLICT: [1, false, 'vault/x changed while we were writing (while trying to read): because'],
  LIMIT_REACHED: [1, false, 'vault/x is at its limit (while trying to read): because'],
  RATE_LIMITED: [1, true, 'vault/x asked us to slow down (while trying to read): because'],
  UNAVAILABLE: [1, true, 'vault/x could not be reached or did not work (while trying to read): because'],
  TIMEOUT: [1, true, 'vault/x did not answer in time (while trying to read): because'],
  CHECK_FAILED: [1, false, 'vault/x failed its check (while trying to read): because'],
  ABORTED: [130, false, 'vault/x was interrupted (while trying to read): because'],
  INDETERMINATE: [
    5,
    false,
    'vault/x may or may not have done it: the answer was lost (while trying to read): because',
  ],
  LOCKED: [7, false, 'vault/x is locked (while trying to read): because'],
  DRIFT: [8, false, 'vault/x is not what it was (while trying to read): because'],
  INTERNAL: [1, false, 'vault/x hit a defect (while trying to read): because'],
};

describe('the list of error codes', () => {
  it('is closed: this one, in this order', () => {
    expect(ERROR_CODES).toEqual(Object.keys(PINNED));
    expect(Object.keys(DEFINITIONS)).toEqual([...ERROR_CODES]);
  });

  it.each(ERROR_CODES)(
    '%s says what happened, exits as promised, and is retried only when that is safe',
    (code) => {
      const error = new RotationError(code, { subject: 'vault/x', action: 'read', reason: 'because' });
      expect([error.exitCode, error.retryable, error.message]).toEqual(PINNED[code]);
      expect(error.code).toBe(code);
    },
  );

  it.each(ERROR_CODES)('%s says what to do next, in a sentence', (code) => {
    expect(new RotationError(code, { subject: 'vault/x' }).hint).toMatch(/^[A-Z].{15,}\.$/);
    expect(new RotationError(code, { subject: 'vault/x', hint: 'Do this.' }).hint).toBe('Do this.');
  });

  it.each(ERROR_CODES)('%s reads well without action and reason', (code) => {
    const { message } = new RotationError(code, { subject: 'vault/x' });
    expect(message).toMatch(/^vault\/x [a-z]/);
    expect(message).not.toMatch(/undefined|while trying|\s$/);
  });

  it('never calls a lost answer safe to repeat', () => {
    expect(ERROR_CODES.filter((code) => DEFINITIONS[code].retryable)).toEqual([
      'RATE_LIMITED',
      'UNAVAILABLE',
      'TIMEOUT',
    ]);
  });
});

describe('exit codes', () => {
  it('are these, and no two are the same', () => {
    expect(EXIT).toEqual({
      done: 0,
      unexpected: 1,
      usage: 2,
      refused: 3,
      rolledBack: 4,
      needsPerson: 5,
      paused: 6,
      locked: 7,
      planOutOfDate: 8,
      interrupted: 130,
    });
    expect(new Set(Object.values(EXIT)).size).toBe(Object.keys(EXIT).length);
  });

  it('never say that all went well when something was thrown', () => {
    expect(ERROR_CODES.map((code) => DEFINITIONS[code].exitCode)).not.toContain(EXIT.done);
  });
});

describe('a rotation error', () => {
  it('is told from others, by code where wanted, and keeps its cause and context', () => {
    const cause = new Error('underneath');
    const context = { subject: 'vault/x', retryAfter: 3 };
    const error = new RotationError('RATE_LIMITED', context, { cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.cause, error.context]).toEqual(['RotationError', cause, context]);
    expect(isRotationError(error)).toBe(true);
    expect(isRotationError(error, 'RATE_LIMITED')).toBe(true);
    expect(isRotationError(error, 'TIMEOUT')).toBe(false);
    expect(isRotationError(cause)).toBe(false);
    expect(isRotationError({ code: 'TIMEOUT' })).toBe(false);
  });
});
