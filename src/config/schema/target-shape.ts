import { VALUE_PART } from '../../core/credential.ts';
import { WHOLE } from '../../core/plugins/store.ts';
import type { TargetConfig } from '../rotation-config.ts';
import { mapOf } from '../shape/collections.ts';
import { quoted } from '../shape/issue.ts';
import { nameOf } from '../shape/names.ts';
import { object } from '../shape/object.ts';
import type { Reading } from '../shape/reading.ts';
import { text } from '../shape/scalars.ts';
import { note, optional, refined, type Shape } from '../shape/shape.ts';

const FIELDS = object(
  {
    store: nameOf('stores', 'Name of the store, one of `stores`.'),
    ref: text('The place in the store: a path, an id, a file. Its form is the store’s.'),
    field: optional(text('The one field of the slot that holds the value; left out, the slot is the value.')),
    fields: optional(
      mapOf(
        text('A part of the credential.'),
        'Field of the slot → part of the credential, for a key of several parts.',
      ),
    ),
    wave: optional(nameOf('waves', 'The wave it is pushed in; by default the wave of what reads it.')),
  },
  'One slot in a store that holds the key.',
);

/** `field: X` is short for `fields: {X: value}`; with neither, the slot as a whole is the value. */
export const TARGET_SHAPE: Shape<TargetConfig> = refined(FIELDS, (target, reading) => {
  const { store, ref, field, wave } = target;
  if (field !== undefined && target.fields !== undefined) {
    note(reading, { at: 'key', path: ['fields'], message: 'stands beside "field": keep one of them' });
  }
  if (target.fields !== undefined && Object.keys(target.fields).length === 0) {
    note(reading, { path: ['fields'], message: 'must name at least one field' });
  }
  return { store, ref, fields: target.fields ?? { [field ?? WHOLE]: VALUE_PART }, wave };
});

/** Each field must be filled from a part that the issuer's credentials have. */
export function checkParts(
  target: TargetConfig,
  issuer: string,
  inside: readonly (string | number)[],
  reading: Reading,
): void {
  const parts = reading.partsOf(issuer);
  if (parts.length === 0) return;
  for (const field in target.fields) {
    const part = target.fields[field];
    if (part === undefined || parts.includes(part)) continue;
    const short = part === VALUE_PART;
    note(reading, {
      path: short ? [...inside] : [...inside, 'fields', field],
      message: `issuer type ${issuer} gives no part ${quoted(part)}; it gives ${parts.join(', ')}`,
      expected: short
        ? `fields: {${field === WHOLE ? 'NAME' : field}: ${parts[0]}}`
        : `one of ${parts.join(', ')}`,
      ...(short ? {} : { misspelt: { name: part, among: parts } }),
    });
  }
}
