import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import type { Observed } from './observe.ts';
import type { VariableApi } from './variable-api.ts';
import { type Numbers, parseVersion } from './versions.ts';
import type { Change } from './write-together.ts';

/**
 * What has to be written to bring the old values back. A variable that holds its old value already needs nothing:
 * so a half-finished pair is put right too.
 * @throws RotationError DRIFT when a variable holds neither what was pushed nor what was there before
 */
export async function restoreChanges(
  api: VariableApi,
  name: string,
  current: readonly Observed[],
  restoration: Restoration,
  signal: AbortSignal,
): Promise<readonly Change[]> {
  const before: Numbers = restoration.before === undefined ? new Map() : parseVersion(restoration.before);
  const changes: Change[] = [];
  for (const now of current) {
    const subject = `${name}/${now.id}`;
    const old = await oldValue(api, subject, now, before.get(now.field), restoration, signal);
    if (old !== undefined && now.value?.equals(old) === true) continue;

    const pushed = restoration.pushed[now.field];
    if (now.value === undefined || pushed === undefined || !now.value.equals(pushed)) {
      const reason = `version ${now.number} is not what this rotation pushed`;
      throw new RotationError('DRIFT', { subject, action: 'bring the old value back', reason });
    }
    if (old === undefined) {
      const reason = 'its old value is neither in the history nor kept here, or there was none';
      throw new RotationError('REFUSED', { subject, action: 'bring the old value back', reason });
    }
    changes.push({ from: now, to: old });
  }
  return changes;
}

/** From the history, as long as Conjur keeps it (20 versions by default); then what was kept of it. */
async function oldValue(
  api: VariableApi,
  subject: string,
  now: Observed,
  number: number | undefined,
  restoration: Restoration,
  signal: AbortSignal,
): Promise<Secret | undefined> {
  const kept = restoration.values?.[now.field];
  const recorded = number === undefined || number === 0 ? undefined : await api.value(now.id, number, signal);
  if (recorded !== undefined && kept !== undefined && !recorded.equals(kept)) {
    // A variable that policy deleted and made again counts from 1 once more.
    const reason = `version ${number} is not the value that was read before the push`;
    throw new RotationError('DRIFT', { subject, action: 'bring the old value back', reason });
  }
  return recorded ?? kept;
}
