import type { KeyConfig, PluginUse } from '../rotation-config.ts';
import { list, mapOf } from '../shape/collections.ts';
import { object } from '../shape/object.ts';
import { pluginUse } from '../shape/plugin-use.ts';
import type { Reading } from '../shape/reading.ts';
import { reference } from '../shape/scalars.ts';
import { note, optional, refined, type Shape, withDefault } from '../shape/shape.ts';
import { ISSUER_FIELDS } from './plugin-fields.ts';
import { POLICY_SHAPE } from './policy-shape.ts';
import { checkParts, TARGET_SHAPE } from './target-shape.ts';

const ISSUER: Shape<PluginUse> = refined(
  pluginUse('issuers', ISSUER_FIELDS),
  ({ type, common, options }) => ({
    type,
    timeoutMs: common.timeout,
    options,
  }),
);

const FIELDS = object(
  {
    issuer: ISSUER,
    current: optional(
      mapOf(
        reference('A reference to a secret: env:NAME, file:PATH or exec:COMMAND.'),
        'Part of the credential → where its old value can be had, for when no target can be read.',
      ),
    ),
    targets: withDefault(
      list(TARGET_SHAPE, { min: 0 }, 'Slots that hold this key, beside those that services name in `from`.'),
      [],
    ),
    policy: POLICY_SHAPE,
  },
  'A key that is rotated.',
);

export const KEY_SHAPE: Shape<KeyConfig> = refined(FIELDS, (key, reading) => {
  const issuer = key.issuer.type;
  key.targets.forEach((target, index) => {
    checkParts(target, issuer, ['targets', index], reading);
  });
  checkCurrent(key.current ?? {}, issuer, reading);
  return key;
});

function checkCurrent(current: Readonly<Record<string, string>>, issuer: string, reading: Reading): void {
  const parts = reading.partsOf(issuer);
  for (const part of Object.keys(current)) {
    if (parts.length === 0 || parts.includes(part)) continue;
    const message = `issuer type ${issuer} gives no part of this name`;
    const misspelt = { name: part, among: parts };
    note(reading, {
      path: ['current', part],
      at: 'key',
      message,
      expected: `one of ${parts.join(', ')}`,
      misspelt,
    });
  }
}
