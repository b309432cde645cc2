import { RotationError } from '../../core/errors/rotation-error.ts';
import { giveWay } from '../../lib/store/give-way.ts';
import type { ParameterApi, ParameterDescription, ParameterVersion } from './parameter-api.ts';
import type { Place } from './place.ts';

export interface Change {
  /** What readers had when `text` was made. */
  readonly base: ParameterVersion;
  readonly text: string;
  readonly settings: ParameterDescription;
}

/**
 * Makes a version of the text and lets readers have it: at once, where they take the newest version; by moving the
 * label, where they use one. The number of the version.
 *
 * There is no compare-and-set. Who reads the newest version is guarded by its number: when it is not the next one,
 * somebody has written between our look and our write. Their text is then put back over ours.
 * @throws RotationError CONFLICT when somebody else wrote; INDETERMINATE when it cannot be said what readers get
 */
export async function goLive(
  api: ParameterApi,
  place: Place,
  change: Change,
  signal: AbortSignal,
): Promise<number> {
  const { name, label } = place;
  const version = await api.put(name, change.text, change.settings, signal);
  if (label !== undefined)
    await moveTo(api, { ...place, label }, version, { from: change.base.version }, signal);
  else if (version !== change.base.version + 1) {
    await giveWay(
      {
        textOf: async (wanted) => (await api.read(`${name}:${wanted}`, signal))?.text,
        newest: async () => (await api.read(name, signal))?.version,
        add: (text) => api.put(name, text, change.settings, signal),
      },
      { base: change.base.version, ours: version },
      place.subject,
    );
  }
  return version;
}

/** @throws RotationError CONFLICT when the label is not where it was */
export async function moveTo(
  api: ParameterApi,
  { name, label, selector, subject }: Place & { readonly label: string },
  to: number,
  { from }: { readonly from: number },
  signal: AbortSignal,
): Promise<void> {
  const holder = await api.read(selector, signal);
  if (holder?.version !== from) {
    const reason = `the label ${label} has moved from version ${from} to ${holder?.version ?? 'none'}`;
    throw new RotationError('CONFLICT', { subject, action: 'move the label', reason });
  }
  const invalid = await api.moveLabel(name, label, to, signal);
  if (invalid.length === 0) return;
  throw new RotationError('REFUSED', {
    subject,
    action: 'move the label',
    reason: `${label} is not a valid label`,
  });
}
