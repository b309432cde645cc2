import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { catalogOf, catalogOfFile } from '../../src/config/catalog-of.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { inTime } from '../../src/config/plugin-modules/in-time.ts';
import type { OpenContext } from '../../src/core/plugins/contexts.ts';
import { Secret } from '../../src/core/secret.ts';
import { redactor } from '../../src/lib/redactor.ts';
import { fakeCatalog } from './support/fake-catalog.ts';
import { inventoryFolder, lines } from './support/inventory-folder.ts';
import { lendNodesImport } from './support/native-import.ts';

beforeAll(lendNodesImport);

/** A module with one store, as somebody else would write it. */
function storeModule(
  id: string,
  { open = 'async () => ({})', capabilities = '{}', options = '' } = {},
): string {
  const known = `{ readable: true, versioned: false, cas: false, restore: 'value', maxBytes: undefined,
    evidence: 'read-back', ...${capabilities} }`;
  return `import { defineOptions, defineStore, Secret } from 'keyturn/plugin';
export default defineStore({
  id: '${id}', title: 'A store', summary: 'Of the tests.', capabilities: ${known},
  slot: { ref: 'a name', field: 'none' },
  options: ${options || `defineOptions((z, { reference }) => z.strictObject({ token: reference.describe('It.') }))`},
  open: async () => ${open},
  emulator: async () => async () => ({}),
});
`;
}

const config = (plugins: readonly string[], store = 'type: theirs, token: env:TOKEN'): string =>
  `version: 1\nplugins: ${JSON.stringify(plugins)}\nstores: { one: { ${store} } }\n`;

const CONTEXT = { name: 'one' } as OpenContext;

describe('a module that the config names', () => {
  it('brings a type, with options that are checked by its own schema', async () => {
    const folder = await inventoryFolder({
      'rotation.config.yaml': config(['./theirs.mjs']),
      'theirs.mjs': storeModule('theirs'),
    });
    const { stores, plugins } = await folder.load();
    expect(stores['one']).toMatchObject({ type: 'theirs', options: { token: 'env:TOKEN' } });
    expect(plugins).toEqual(['./theirs.mjs']);

    await writeFile(join(folder.path, 'rotation.config.yaml'), config(plugins, 'type: theirs, tokn: x'));
    expect(lines(await folder.problems())).toEqual([
      'rotation.config.yaml:3:11 stores.one: "token" is missing',
      'rotation.config.yaml:3:32 stores.one.tokn: unknown field "tokn"',
    ]);
  });

  it('may be a package, which is looked for from the config', async () => {
    const at = 'node_modules/@acme/keyturn-stores';
    const folder = await inventoryFolder({
      'rotation.config.yaml': config(['@acme/keyturn-stores']),
      [`${at}/package.json`]: '{ "type": "module", "exports": { "import": "./main.js" } }',
      [`${at}/theirs.js`]: storeModule('theirs'),
      [`${at}/main.js`]: `import theirs from './theirs.js';\nexport default [theirs];\n`,
    });
    expect((await folder.load()).stores['one']?.type).toBe('theirs');
  });

  it('has the Secret of the running program, whatever lies beside it', async () => {
    const value = `${crypto.randomUUID()}-plain`;
    const folder = await inventoryFolder({
      'rotation.config.yaml': config(['./theirs.mjs']),
      'node_modules/keyturn/package.json':
        '{ "type": "module", "name": "keyturn", "exports": { "./plugin": "./x.js" } }',
      'node_modules/keyturn/x.js': 'throw new Error("another copy");',
      'theirs.mjs': storeModule('theirs', {
        open: `async () => ({ whoami() {}, preflight() {}, write() {}, restore() {},
          read: async () => ({ fields: { '': new Secret('${value}') }, version: undefined }) })`,
      }),
    });
    const catalog = await catalogOf(fakeCatalog, await folder.load());
    const open = await (await catalog.stores['theirs']?.())?.open();
    const store = await open?.({} as never, CONTEXT);
    const found = await store?.read({ ref: 'a', fields: [''] }, { signal: new AbortController().signal });
    expect(found?.fields['']).toBeInstanceOf(Secret);
    expect(redactor.redact(`it is ${value}`)).toBe('it is [redacted]');
  });

  it('is told where it is named when it cannot be used, and its types are not called unknown then', async () => {
    const folder = await inventoryFolder({
      'rotation.config.yaml': config([
        './absent.mjs',
        '@acme/absent',
        './throws.mjs',
        './syntax.mjs',
        './empty.mjs',
        './plain.mjs',
        './wrong.mjs',
        './vault.mjs',
        './one.mjs',
        './one-more.mjs',
      ]),
      'throws.mjs': 'throw new Error("no\\n  such thing");',
      'syntax.mjs': 'export default {',
      'empty.mjs': 'export const a = 1;',
      'plain.mjs': 'export default { id: "plain" };',
      'wrong.mjs': storeModule('Wrong', { capabilities: "{ restore: 'maybe' }" }),
      'vault.mjs': storeModule('vault'),
      'one.mjs': storeModule('one'),
      'one-more.mjs': storeModule('one'),
    });
    const told = lines(await folder.problems()).map((line) => line.replaceAll(folder.path, ''));
    expect(told).toEqual([
      expect.stringMatching(/^rotation.config.yaml:2:11 plugins\[0\]: cannot be loaded: Cannot find module/),
      expect.stringMatching(/plugins\[1\]: cannot be loaded: Cannot find package '@acme\/absent'/),
      expect.stringMatching(/plugins\[2\]: cannot be loaded: no such thing$/),
      expect.stringMatching(/plugins\[3\]: cannot be loaded: Unexpected end of input$/),
      expect.stringMatching(/plugins\[4\]: has no default export$/),
      expect.stringMatching(/plugins\[5\]: .* was not made by defineStore/),
      expect.stringMatching(/plugins\[6\]: .* id: must be small letters.*; capabilities\.restore: /),
      expect.stringMatching(/plugins\[7\]: its store vault has the name of a built-in one$/),
      expect.stringMatching(/plugins\[9\]: its store one is listed already$/),
    ]);
  });

  it('is named in the root file alone', async () => {
    const folder = await inventoryFolder({
      'rotation.config.yaml': 'version: 1\ninclude: [more.yaml]\n',
      'more.yaml': 'plugins: [./theirs.mjs]\n',
      'theirs.mjs': storeModule('theirs'),
    });
    expect(lines(await folder.problems())).toEqual(['more.yaml:1:1 plugins: belongs to the root file']);
  });
});

describe('a module by its path', () => {
  it('may have signs in its name that mean something in a URL', async () => {
    const folder = await inventoryFolder({
      'rotation.config.yaml': config(['./a #1 100%/theirs.mjs']),
      'a #1 100%/theirs.mjs': storeModule('theirs'),
    });
    expect((await folder.load()).stores['one']?.type).toBe('theirs');
    const absolute = await inventoryFolder({
      'rotation.config.yaml': config([join(folder.path, 'a #1 100%/theirs.mjs')]),
    });
    expect((await absolute.load()).stores['one']?.type).toBe('theirs');
  });

  it('is told what to do when it is named like a package, or is no ES module', async () => {
    const folder = await inventoryFolder({
      'rotation.config.yaml': config(['theirs.mjs', './old.cjs', './theirs.tsx']),
      'theirs.mjs': storeModule('theirs'),
      'theirs.tsx': storeModule('theirs'),
      'old.cjs': 'module.exports = { id: "old" };',
    });
    expect(lines(await folder.problems())).toEqual([
      expect.stringMatching(/plugins\[0\].*; install it .* or write \.\/ before the name of a file$/),
      expect.stringMatching(/plugins\[1\].*must be an ES module that imports keyturn\/plugin/),
      expect.stringMatching(/plugins\[2\].*; build it to JavaScript$/),
    ]);
  });
});

describe('the code of a module', () => {
  it('prints to stderr, through the redactor: stdout is the answer of the command', async () => {
    const value = `${crypto.randomUUID()}-plain`;
    new Secret(value);
    const [out, err] = [
      vi.spyOn(process.stdout, 'write').mockReturnValue(true),
      vi.spyOn(process.stderr, 'write').mockReturnValue(true),
    ];
    const said = (text: string) => `process.stdout.write(${JSON.stringify(`${text} ${value};`)});`;
    const folder = await inventoryFolder({
      'rotation.config.yaml': config(['./theirs.mjs']),
      'theirs.mjs': `${said('first')} setTimeout(() => { ${said('later')} globalThis.toldLater?.(); });
        ${storeModule('theirs', {
          open: `async () => { ${said('open')} return { preflight() {}, read() {}, write() {}, restore() {},
            whoami: async () => { await null; process.stdout.write(Buffer.from('whoami;')); return {}; } }; }`,
        })}`,
    });
    const later = new Promise<void>((resolve) => Object.assign(globalThis, { toldLater: resolve }));
    const catalog = await catalogOf(fakeCatalog, await folder.load());
    const open = await (await catalog.stores['theirs']?.())?.open();
    await (await open?.({} as never, CONTEXT))?.whoami({ signal: new AbortController().signal });
    await later;
    process.stdout.write('ours');
    const written = (spy: typeof out) => spy.mock.calls.map(([text]) => String(text)).join('');
    const [ours, theirs] = [written(out), written(err)];
    vi.restoreAllMocks();
    expect(ours).toBe('ours');
    expect(theirs).toContain('first [redacted];');
    for (const word of ['later', 'open', 'whoami;']) expect(theirs).toContain(word);
  });

  it.each([
    ['is not there', `(await import('./absent.mjs')).open`],
    ['fails', `async () => { throw new TypeError('x is undefined'); }`],
    ['opens nothing', `async () => undefined`],
  ])('that %s when it is to be opened is named', async (_what, open) => {
    const folder = await inventoryFolder({
      'rotation.config.yaml': config(['./theirs.mjs']),
      'theirs.mjs': storeModule('theirs', { open }),
    });
    const catalog = await catalogOf(fakeCatalog, await folder.load());
    const opened = async () => (await (await catalog.stores['theirs']?.())?.open())?.({} as never, CONTEXT);
    await expect(opened()).rejects.toMatchObject({
      name: 'RotationError',
      message: expect.stringContaining('the plug-in ./theirs.mjs'),
    });
  });

  it('that waits for ever is given up', async () => {
    await expect(inTime(new Promise(() => {}), 1)).rejects.toThrow('was not loaded within');
    expect(await inTime(Promise.resolve('there'))).toBe('there');
  });
});

describe('options of a plug-in', () => {
  it.each([
    ['that are no schema', 'async () => ({})', 'its options are no schema of zod 4'],
    [
      'that cannot be loaded',
      'async () => { throw new Error("gone"); }',
      'its options cannot be loaded: gone',
    ],
    [
      'with a name that every store has',
      'defineOptions((z) => z.strictObject({ expect: z.string() }))',
      'its option expect has the name of one that every store has',
    ],
  ])('%s are refused with its name', async (_which, options, reason) => {
    const folder = await inventoryFolder({
      'rotation.config.yaml': config(['./theirs.mjs']),
      'theirs.mjs': storeModule('theirs', { options }),
    });
    await expect(folder.load()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(`the plug-in ./theirs.mjs is not valid: ${reason}`),
    });
  });
});

describe('a catalogue for a config that is only being written', () => {
  it('has the plug-ins it names, whatever else is wrong in it', async () => {
    const folder = await inventoryFolder({
      'rotation.config.yaml': `${config(['./theirs.mjs'], 'type: nothing')}keys: { k: {} }\n`,
      'theirs.mjs': storeModule('theirs'),
    });
    const catalog = await catalogOfFile(fakeCatalog, join(folder.path, 'rotation.config.yaml'));
    expect((await catalog.stores['theirs']?.())?.title).toBe('A store');
    expect(Object.keys(catalog.issuers)).toEqual(Object.keys(fakeCatalog.issuers));
  });

  it('is refused with the module that cannot be loaded', async () => {
    const folder = await inventoryFolder({ 'rotation.config.yaml': config(['./absent.mjs']) });
    await mkdir(join(folder.path, 'x'));
    await expect(
      catalogOfFile(fakeCatalog, join(folder.path, 'rotation.config.yaml')),
    ).rejects.toBeInstanceOf(ConfigError);
  });
});
