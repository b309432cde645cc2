import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Version } from '../../core/plugins/store.ts';
import type { VariableApi } from './variable-api.ts';
import { parseVersion } from './versions.ts';
import type { Change } from './write-together.ts';

/**
 * Refuses when somebody else wrote since `expected` was read. Numbers may have moved without that: a pair that was
 * put back leaves the old value under a new number, and an earlier attempt of this very push may have arrived.
 * @throws RotationError CONFLICT
 */
export async function refuseIfChanged(
  api: VariableApi,
  name: string,
  changes: readonly Change[],
  expected: Version,
  signal: AbortSignal,
): Promise<void> {
  const numbers = parseVersion(expected);
  for (const { from, to } of changes) {
    const wanted = numbers.get(from.field);
    if (wanted === from.number) continue;
    if (from.value?.equals(to) === true) continue;
    if (wanted !== undefined && wanted > 0 && from.value !== undefined) {
      const then = await api.value(from.id, wanted, signal);
      if (then?.equals(from.value) === true) continue;
    }
    throw new RotationError('CONFLICT', {
      subject: `${name}/${from.id}`,
      action: 'write the variable',
      reason: `it is at version ${from.number}, not ${wanted ?? expected}`,
    });
  }
}
