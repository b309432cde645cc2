import { expect, it } from 'vitest';
import type { KvDocument } from '../../src/stores/hashicorp-vault/kv-document.ts';
import { createRecentDocuments } from '../../src/stores/hashicorp-vault/recent-documents.ts';
import { checkRef, encodePath } from '../../src/stores/hashicorp-vault/secret-path.ts';

const at = (version: string, size = 1): KvDocument => ({
  version,
  entries: new Map([['key', 'x'.repeat(size)]]),
});

it('gives a document only at the version it was read at', () => {
  const recent = createRecentDocuments();
  recent.keep('a', at('3'));
  expect(recent.at('a', '3')).toEqual(at('3'));
  expect(recent.at('a', '4')).toBeUndefined();
});

it('does not keep the read that proves a write, and keeps the one after it', () => {
  const recent = createRecentDocuments();
  recent.keep('a', at('3'));
  recent.forget('a', '4');
  recent.keep('a', at('4'));
  expect(recent.at('a', '4')).toBeUndefined();
  recent.keep('a', at('4'));
  expect(recent.at('a', '4')).toEqual(at('4'));
});

it('keeps a read after our write when somebody else has written since', () => {
  const recent = createRecentDocuments();
  recent.forget('a', '4');
  recent.keep('a', at('5'));
  expect(recent.at('a', '5')).toEqual(at('5'));
});

it('lets the oldest go when there are too many, or too large ones', () => {
  const recent = createRecentDocuments();
  for (let index = 0; index <= 512; index += 1) recent.keep(`ref-${index}`, at('1'));
  expect(recent.at('ref-0', '1')).toBeUndefined();
  expect(recent.at('ref-1', '1')).toBeDefined();
  recent.keep('large', at('1', 8 * 1024 * 1024 + 1));
  expect(recent.at('ref-512', '1')).toBeUndefined();
});

it('encodes what a path cannot carry, and only that', () => {
  expect(encodePath("secret/apps/a.b_c-d~(1)'!*")).toBe("secret/apps/a.b_c-d~(1)'!*");
  expect(encodePath('secret/a b/ü?#%')).toBe('secret/a%20b/%C3%BC%3F%23%25');
});

it.each(['secret', '/secret/a', 'secret/a/', 'secret//a', 'secret/./a', 'secret/../a', 'a/b\n', ''])(
  'refuses %j',
  (ref) => {
    expect(() => checkRef(ref, 'vault')).toThrow(/not a mount and a path/);
  },
);

it.each(['secret/a', 'secret/...', 'secret/.a/b..', 'team/secret/a b'])('takes %j', (ref) => {
  expect(() => checkRef(ref, 'vault')).not.toThrow();
});
