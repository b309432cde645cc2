import { DEFAULTS } from '../defaults.ts';
import type { SealingSettings } from '../rotation-config.ts';
import { list } from '../shape/collections.ts';
import { kindOf } from '../shape/issue.ts';
import { name } from '../shape/names.ts';
import { isMapping, type Mapping, object, refuseMapping } from '../shape/object.ts';
import { reference, text } from '../shape/scalars.ts';
import { note, optional, refined, refuse, type Shape, withDefault } from '../shape/shape.ts';

export const SECTIONS = ['stores', 'keys', 'services', 'notifiers'] as const;
export type Section = (typeof SECTIONS)[number];

/** Entries are read later, when every name of every file is known. */
function section(definition: string, description: string): Shape<Mapping> {
  return {
    schema: {
      type: 'object',
      additionalProperties: { $ref: `#/$defs/${definition}` },
      propertyNames: { $ref: '#/$defs/name' },
      description,
    },
    absent: { value: {} },
    read: (value, reading) => (isMapping(value) ? value : refuseMapping(value, reading)),
  };
}

const VERSION: Shape<1> = {
  schema: { const: 1, description: 'Version of this file format.' },
  read: (value, reading) => {
    if (value === 1) return 1;
    const newer = typeof value === 'number' && value > 1 ? '; a newer keyturn may know it' : '';
    return refuse(reading, {
      message: `this version of the format is not known${newer}`,
      expected: 'version: 1',
    });
  },
};

const WAVES = refined(
  list(name('A wave.'), { min: 1 }, 'In the order in which they are done; the last is the default.'),
  (waves, reading) => {
    waves.forEach((wave, index) => {
      if (waves.indexOf(wave) < index) note(reading, { path: [index], message: 'is listed twice' });
    });
    return waves;
  },
);

const RECIPIENT: Shape<string> = {
  schema: { type: 'string', pattern: '^age1', description: 'An age recipient: a public key, age1….' },
  read: (value, reading) => {
    if (typeof value === 'string' && /^age1[a-z0-9]+$/.test(value)) return value;
    const message =
      typeof value === 'string' ? 'is not an age recipient' : `must be text, not ${kindOf(value)}`;
    return refuse(reading, { message, expected: 'a public key that begins with age1' });
  },
};

const SEALING = object(
  {
    recipients: withDefault(
      list(RECIPIENT, { min: 0 }, 'age recipients that can open what a journal holds sealed.'),
      [],
    ),
    identity: optional(
      reference('Reference to an age identity; by default an identity file is made on first use.'),
    ),
    passphrase: optional(reference('Reference to a passphrase used in place of an identity.')),
  },
  'Who can open what a journal holds sealed.',
);

const INCLUDE = withDefault(
  list(
    text('A path or glob, relative to this file.'),
    { min: 0 },
    'Further files with stores, keys and services (YAML or JSON).',
  ),
  [],
);

const PLUGINS = withDefault(
  list(
    text('A package, or a path from this file that begins with ./'),
    { min: 0 },
    'Modules with plug-ins by others. They run with the rights of keyturn: name only what you trust.',
  ),
  [],
);

const CONTENT = {
  include: INCLUDE,
  stores: section('store', 'Connections to secret stores, by name.'),
  keys: section('keyEntry', 'The keys that are rotated, by name.'),
  services: section('service', 'The services that depend on a key, by name.'),
  notifiers: section('notifier', 'Who is told what becomes of a rotation, by name.'),
};

/** What a root file need not say. */
export const ROOT_DEFAULTS: Readonly<{
  state: string;
  sealing: SealingSettings;
  waves: readonly string[];
  plugins: readonly string[];
}> = {
  state: DEFAULTS.state,
  sealing: { recipients: [], identity: undefined, passphrase: undefined },
  waves: DEFAULTS.waves,
  plugins: [],
};

/** The root file. */
export const ROOT_FIELDS = {
  version: VERSION,
  state: withDefault(
    text(
      'Folder of journals and locks, relative to this file; the environment variable KEYTURN_STATE overrides it.',
    ),
    ROOT_DEFAULTS.state,
    ROOT_DEFAULTS.state,
  ),
  sealing: withDefault(SEALING, ROOT_DEFAULTS.sealing),
  waves: withDefault(WAVES, ROOT_DEFAULTS.waves, ROOT_DEFAULTS.waves),
  plugins: PLUGINS,
  ...CONTENT,
};

function rootOnly(): Shape<undefined> {
  return {
    schema: { not: {} },
    absent: { value: undefined },
    read: (_value, reading) => refuse(reading, { at: 'key', message: 'belongs to the root file' }),
  };
}

/** An included file. */
export const FRAGMENT_FIELDS = {
  version: optional(VERSION),
  state: rootOnly(),
  sealing: rootOnly(),
  waves: rootOnly(),
  plugins: rootOnly(),
  ...CONTENT,
};
