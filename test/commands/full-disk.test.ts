import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeFailure } from '../../src/ui/failure.ts';

/** What a write to a device that is full really throws. */
function refusedWrite(): unknown {
  try {
    writeFileSync('/dev/full', 'x');
  } catch (error) {
    return error;
  }
  return undefined;
}

test('a full disk is no defect: it says to make room, and what carries on', () => {
  const failure = describeFailure(refusedWrite());
  expect(failure).toMatchObject({ code: 'UNAVAILABLE', exitCode: 1 });
  expect(failure.message).toContain('ENOSPC: no space left on device');
  expect(failure.hint).toMatch(/Make room.*keyturn resume/);
});
