import { describe, expect, it } from 'vitest';
import { contained } from '../../src/config/plugin-modules/contained.ts';
import { AwaitSignal } from '../../src/core/await-signal.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { Issuer } from '../../src/core/plugins/issuer.ts';
import type { Reload } from '../../src/core/plugins/reload.ts';
import type { Slot, Store, StoredSecret } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import '../../src/lib/redactor.ts';

const ctx = { signal: new AbortController().signal };
const writing = { ...ctx, idempotencyToken: 'token', rotationId: 'rotation' };
const SLOT: Slot = { ref: 'a', fields: [''] };

function store(methods: Partial<Record<keyof Store, unknown>>): Store {
  const missing = async (): Promise<never> => Promise.reject(new Error('not asked for'));
  const own = { whoami: missing, preflight: missing, read: missing, write: missing, restore: missing };
  const opened = { ...own, ...methods } as unknown as Store;
  return contained(opened, { kind: 'stores', origin: '@acme/x', subject: 'theirs' });
}

describe('a defect in somebody else’s plug-in', () => {
  it('after which nobody knows what was done is indeterminate, and names it', async () => {
    const { write } = store({ write: async () => Promise.reject(new TypeError('x is undefined')) });
    await expect(write(SLOT, {}, undefined, writing)).rejects.toMatchObject({
      code: 'INDETERMINATE',
      message: expect.stringMatching(
        /^theirs .*call write of the plug-in @acme\/x.*TypeError: x is undefined$/,
      ),
      hint: 'Tell the author of @acme/x.',
    });
  });

  it('of one that only looks is a defect and no more, also when it does not wait to throw', async () => {
    const { read } = store({
      read: () => {
        throw new Error('no');
      },
    });
    expect(() => read(SLOT, ctx)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    const { whoami } = store({ whoami: () => Promise.reject('only text') });
    await expect(whoami(ctx)).rejects.toMatchObject({ message: expect.stringContaining('what is no error') });
  });

  it('is told without the values it knows', async () => {
    const value = `${crypto.randomUUID()}-plain`;
    const { write } = store({
      write: async (_slot: Slot, values: Record<string, Secret>) =>
        Promise.reject(new Error(`cannot write ${values['']?.reveal()}`)),
    });
    const attempt = write(SLOT, { '': new Secret(value) }, undefined, writing);
    await expect(attempt).rejects.toMatchObject({ message: expect.stringContaining('[redacted]') });
    await expect(attempt).rejects.not.toMatchObject({ message: expect.stringContaining(value) });
  });

  it.each([
    ['read', async () => ({ fields: { '': 'plain' }, version: undefined })],
    ['read', async () => ({ fields: { '': { reveal: () => 'plain' } }, version: undefined })],
  ])('that gives a value which is no Secret stops there (%s)', async (_method, read) => {
    await expect(store({ read }).read(SLOT, ctx)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('no Secret of keyturn/plugin'),
    });
  });

  it('that lacks a method is told when it is opened', () => {
    expect(() => store({ restore: undefined })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('has no `restore`'),
      }),
    );
    const reload = { close: () => {} } as unknown as Reload;
    expect(() => contained(reload, { kind: 'reloads', origin: 'x', subject: 's' })).toThrow(RotationError);
  });
});

describe('what is as it should be', () => {
  it('passes: answers, typed errors, and the wait for a person', async () => {
    const found: StoredSecret = { fields: { '': new Secret('plain-value') }, version: '1' };
    const refused = new RotationError('REFUSED', { subject: 'theirs', reason: 'no' });
    const waits = new AwaitSignal('somebody has to', { instructions: [], next: 'keyturn resume' });
    const opened = store({
      read: async () => found,
      write: async () => Promise.reject(refused),
      restore: () => Promise.reject(waits),
    });
    expect(await opened.read(SLOT, ctx)).toBe(found);
    await expect(opened.write(SLOT, {}, undefined, writing)).rejects.toBe(refused);
    await expect(opened.restore(SLOT, {} as never, writing)).rejects.toBe(waits);
  });

  it('may be a class with a state of its own, and keeps what is no method', async () => {
    class Theirs implements Partial<Issuer> {
      readonly propagation = { confirmations: 1, intervalMs: 1, deadlineMs: 1 };
      readonly #id = 'id-1';
      async preflight() {
        return [];
      }
      keyIdOf() {
        return this.#id;
      }
      validate() {}
      async createKey() {
        return { id: this.#id, credential: { value: 'plain' as unknown as Secret } };
      }
    }
    const opened = contained(new Theirs() as unknown as Issuer, {
      kind: 'issuers',
      origin: 'x',
      subject: 'issuer x',
    });
    expect(opened.propagation.confirmations).toBe(1);
    expect(opened.keyIdOf({})).toBe('id-1');
    expect(opened.identify).toBeUndefined();
    await expect(opened.createKey('label', {} as never)).rejects.toMatchObject({ code: 'INDETERMINATE' });
  });
});
