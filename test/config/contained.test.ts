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

  it.each(['abandon', 'tidy'] as const)('is no less so in %s, which it need not have', async (name) => {
    const opened = store({ [name]: async () => Promise.reject(new TypeError('x is undefined')) });
    const deed = opened[name] as (...args: unknown[]) => Promise<void>;
    await expect(deed(SLOT, writing)).rejects.toMatchObject({ code: 'INDETERMINATE' });
    expect(store({})).not.toHaveProperty(name);
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

function circle(): object {
  const made: Record<string, unknown> = {};
  made['self'] = made;
  return made;
}

describe('an answer that the engine would fall over', () => {
  it.each([
    ['whoami', undefined, 'INTERNAL', 'it gave no object'],
    ['preflight', 'fine', 'INTERNAL', 'it gave no object'],
    ['read', null, 'INTERNAL', 'no Secret'],
    ['read', 'plain', 'INTERNAL', 'no Secret'],
    ['write', undefined, 'INDETERMINATE', 'it gave no object'],
  ] as const)('of %s (%j) is %s, and names the plug-in', async (method, answer, code, said) => {
    const call = store({ [method]: async () => answer })[method] as (...args: unknown[]) => Promise<unknown>;
    await expect(call(SLOT, {}, undefined, writing)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`@acme/x.*${said}`)),
    });
  });

  it.each([
    ['circle', circle()],
    ['bigint', { pods: 3n }],
  ])('of a reload, which goes into the journal, is no %s', async (_what, answer) => {
    const theirs = { run: async () => answer } as unknown as Reload;
    const { run } = contained(theirs, { kind: 'reloads', origin: '@acme/x', subject: 'theirs' });
    await expect(run({ service: 'shop' }, ctx)).rejects.toMatchObject({
      code: 'INDETERMINATE',
      message: expect.stringMatching(/@acme\/x.*it gave what JSON cannot hold/),
    });
  });

  it('is found in whatever can be waited for, which need not be a Promise', async () => {
    const later = (
      settle: (resolve: (answer: unknown) => void, reject: (error: unknown) => void) => void,
    ) => ({
      // biome-ignore lint/suspicious/noThenProperty: what query builders give
      then: settle,
    });
    const { read, write } = store({
      read: () => later((resolve) => resolve({ fields: { '': 'plain' }, version: undefined })),
      write: () => later((_resolve, reject) => reject(new Error('gone'))),
    });
    await expect(read(SLOT, ctx)).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(write(SLOT, {}, undefined, writing)).rejects.toMatchObject({ code: 'INDETERMINATE' });
  });
});

describe('an issuer by somebody else', () => {
  const own = {
    propagation: { confirmations: 1, intervalMs: 1, deadlineMs: 1 },
    preflight: async () => [],
    keyIdOf: () => undefined,
    validate: () => {},
    createKey: async () => ({ id: 'a', credential: {} }),
  };
  const issuer = (methods: Readonly<Record<string, unknown>>): Issuer =>
    contained({ ...own, ...methods } as unknown as Issuer, {
      kind: 'issuers',
      origin: 'x',
      subject: 'issuer x',
    });

  it('may not refuse, or name a key, in a promise that nobody waits for', () => {
    const { validate, keyIdOf } = issuer({
      validate: async () => Promise.reject(new RotationError('REFUSED', { subject: 'the key' })),
      keyIdOf: async () => 'id-1',
    });
    const refused = expect.objectContaining({
      code: 'INTERNAL',
      message: expect.stringContaining('at once'),
    });
    expect(() => validate({})).toThrow(refused);
    expect(() => keyIdOf({})).toThrow(refused);
  });

  it('says how long its changes take before it makes a key, and opens something', () => {
    for (const propagation of [undefined, { confirmations: 1 }])
      expect(() => issuer({ propagation })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    for (const nothing of [undefined, null, 'text'])
      expect(() =>
        contained(nothing as unknown as Issuer, { kind: 'issuers', origin: 'x', subject: 's' }),
      ).toThrow('the plug-in x has opened nothing');
  });

  it('may say it by a getter of its class', () => {
    class Theirs {
      get propagation() {
        return own.propagation;
      }
      get overlap() {
        return false as const;
      }
      preflight = own.preflight;
      keyIdOf = own.keyIdOf;
      validate = own.validate;
      createKey = own.createKey;
    }
    const opened = contained(new Theirs() as unknown as Issuer, {
      kind: 'issuers',
      origin: 'x',
      subject: 's',
    });
    expect([opened.propagation, opened.overlap]).toEqual([own.propagation, false]);
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
