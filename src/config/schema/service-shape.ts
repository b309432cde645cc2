import type { CheckUse, PluginUse, ServiceConfig } from '../rotation-config.ts';
import { list } from '../shape/collections.ts';
import { quoted } from '../shape/issue.ts';
import { nameOf } from '../shape/names.ts';
import { type ObjectOf, object } from '../shape/object.ts';
import { pluginUse, type ReadUse } from '../shape/plugin-use.ts';
import type { Reading } from '../shape/reading.ts';
import { text } from '../shape/scalars.ts';
import { note, optional, refined, type Shape, withDefault } from '../shape/shape.ts';
import { readPlainService } from './plain-service.ts';
import { CHECK_FIELDS, RELOAD_FIELDS } from './plugin-fields.ts';
import { checkParts, TARGET_SHAPE } from './target-shape.ts';

const USE = refined(
  object(
    {
      key: nameOf('keys', 'Name of the key, one of `keys`.'),
      from: withDefault(list(TARGET_SHAPE, { min: 0 }, 'The slots this service reads the key from.'), []),
    },
    'A key the service depends on.',
  ),
  (use, reading) => {
    const issuer = reading.issuerOf(use.key);
    if (issuer === undefined) return use;
    use.from.forEach((target, index) => {
      checkParts(target, issuer, ['from', index], reading);
    });
    return use;
  },
);

const RELOAD: Shape<PluginUse> = refined(
  pluginUse('reloads', RELOAD_FIELDS),
  ({ type, common, options }) => ({
    type,
    timeoutMs: common.timeout,
    options,
  }),
);

const FIELDS = object(
  {
    owner: optional(text('The team to ask.')),
    wave: optional(nameOf('waves', 'The wave it belongs to; the last one by default.')),
    uses: list(USE, { min: 1 }, 'The keys it depends on.'),
    reload: optional(RELOAD),
    checks: withDefault(
      list(pluginUse('checks', CHECK_FIELDS), { min: 0 }, 'What proves that it works.'),
      [],
    ),
  },
  'A service that depends on a key.',
);

type Checks = readonly ReadUse<ObjectOf<typeof CHECK_FIELDS>>[];

/** `defaultWave` is where a service goes that names none. */
export function serviceShape(defaultWave: string): Shape<ServiceConfig> {
  const whole = wholeServiceShape(defaultWave);
  return {
    ...whole,
    read: (value, reading) => readPlainService(value, reading, defaultWave) ?? whole.read(value, reading),
  };
}

/** Without the way past it that plain services have. */
export function wholeServiceShape(defaultWave: string): Shape<ServiceConfig> {
  return refined(FIELDS, (service, reading) => ({
    owner: service.owner,
    wave: service.wave ?? defaultWave,
    uses: service.uses,
    reload: service.reload,
    checks: namedChecks(service.checks, service.uses, reading),
  }));
}

function namedChecks(checks: Checks, uses: ServiceConfig['uses'], reading: Reading): readonly CheckUse[] {
  return checks.map(({ type, common, options }, index) => {
    const { key, name = String(index + 1) } = common;
    const twin = checks.findIndex((other, at) => (other.common.name ?? String(at + 1)) === name);
    if (twin < index) {
      note(reading, { path: ['checks', index, 'name'], message: `check ${twin + 1} has the same name` });
    }
    const known = key !== undefined && reading.names.keys?.has(key) !== false;
    if (known && !uses.some((use) => use.key === key)) {
      const message = `the service does not use the key ${quoted(key)}`;
      const misspelt = { name: key, among: uses.map((use) => use.key) };
      note(reading, { path: ['checks', index, 'key'], message, misspelt });
    }
    return { type, timeoutMs: common.timeout, options, name, key };
  });
}
