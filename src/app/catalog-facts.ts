import type { IssuerPlugin, StorePlugin } from '../core/plugins/plugin.ts';

/** Label and value, for people. */
export type Fact = readonly [label: string, value: string];

export function storeFacts({ capabilities }: Pick<StorePlugin, 'capabilities'>): Fact[] {
  return [
    ['Readable', yesOrNo(capabilities.readable)],
    ['Versioned', yesOrNo(capabilities.versioned)],
    ['Compare-and-set', yesOrNo(capabilities.cas)],
    ['Restore', RESTORE[capabilities.restore]],
    [
      'Largest value',
      capabilities.maxBytes === undefined ? 'not documented' : `${capabilities.maxBytes} bytes`,
    ],
    ['Evidence', EVIDENCE[capabilities.evidence]],
  ];
}

export function issuerFacts({ capabilities }: Pick<IssuerPlugin, 'capabilities'>): Fact[] {
  return [
    ['Create', PERFORMED[capabilities.create]],
    ['Deactivate', PERFORMED[capabilities.deactivate]],
    ['Reversible', yesOrNo(capabilities.reversible)],
    ['Separate delete', yesOrNo(capabilities.delete)],
    ['Identifies a key', yesOrNo(capabilities.identify)],
    ['Tells last use', yesOrNo(capabilities.usage)],
    ['Keys at once', keysAtOnce(capabilities)],
    ['Parts', capabilities.parts.join(', ') || 'as its options say'],
  ];
}

function keysAtOnce({ overlap, maxKeys }: IssuerPlugin['capabilities']): string {
  if (overlap === false) return 'one: a new key kills the old one at once';
  return maxKeys?.toString() ?? 'no known limit';
}

export function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

const RESTORE = {
  version: 'by the version the store kept',
  value: 'by writing the sealed old value',
  none: 'not possible',
} as const;

const EVIDENCE = {
  'read-back': 'the value is read back and its fingerprint compared',
  timestamp: 'the time of the last change, as the store tells it',
  none: 'none',
} as const;

const PERFORMED = {
  api: 'through its API',
  assisted: 'by a person in its web page, verified by keyturn',
  local: 'keyturn makes the value itself',
  none: 'nothing to switch off',
} as const;
