import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replaceFile } from '../../src/lib/atomic-file.ts';
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

test('a file that cannot be written is named as it was given, without the one it is replaced by way of', async () => {
  const path = join(tmpdir(), 'keyturn-no-such-folder', 'keyturn.schema.json');
  const error: unknown = await replaceFile(path, '{}', { mode: 0o644 }).catch((thrown: unknown) => thrown);
  expect(describeFailure(error).message.startsWith(`${path} could not be reached`)).toBe(true);
});
