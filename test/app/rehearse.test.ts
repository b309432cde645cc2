import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PreflightRefusal } from '../../src/app/preflight-refusal.ts';
import { createReferences } from '../../src/app/rehearse/emulated-references.ts';
import { parseFault } from '../../src/app/rehearse/fault-spec.ts';
import { type RehearsalVerdict, rehearse } from '../../src/app/rehearse/rehearse.ts';
import type { PluginCatalog } from '../../src/config/plugin-catalog.ts';
import type { RotationConfig } from '../../src/config/rotation-config.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { StoreEmulator } from '../../src/core/plugins/emulator.ts';
import { catalog, configOver, REQUEST, type Shape, startWorld, type TestWorld } from '../support/world.ts';

/** Lends its state folder and its clock; the rehearsal starts systems of its own. */
let host: TestWorld;
beforeEach(async () => {
  host = await startWorld({ stores: ['dotenv'] });
});
afterEach(() => host.stop());

interface Rehearsal {
  readonly shape?: Shape;
  readonly faults?: readonly string[];
  readonly mode?: 'replace' | 'contain';
  readonly catalog?: PluginCatalog;
  readonly change?: (config: RotationConfig) => RotationConfig;
}

function rehearsed({ shape = {}, faults = [], mode = 'replace', change, ...over }: Rehearsal) {
  const config = configOver(shape, host.stateDir);
  const runtime = host.runtime({ config: change?.(config) ?? config, catalog: over.catalog ?? catalog });
  return rehearse(runtime, { ...REQUEST, mode }, faults.map(parseFault), () => {});
}

/** The key comes from this issuer, its parts in fields of the same name. */
const issuedBy =
  (type: string, options: JsonObject, parts: readonly string[]) =>
  (config: RotationConfig): RotationConfig => {
    const fields = Object.fromEntries(parts.map((part) => [part.toUpperCase(), part]));
    const [key] = Object.values(config.keys);
    if (key === undefined) throw new Error('the config has a key');
    const targets = key.targets.map((target) => ({ ...target, fields }));
    return { ...config, keys: { 'the-key': { ...key, targets, issuer: { ...key.issuer, type, options } } } };
  };

/** The service takes the key up by this. */
const reloadedBy =
  (type: string, options: JsonObject) =>
  (config: RotationConfig): RotationConfig => {
    const { shop } = config.services;
    if (shop === undefined) throw new Error('the config has a service');
    return { ...config, services: { shop: { ...shop, reload: { type, options, timeoutMs: 10_000 } } } };
  };

const holding = ({ holds }: RehearsalVerdict): string[] => [...new Set(Object.values(holds))];

describe('a rehearsal with the names of the user’s own parts', () => {
  const switchOff = { method: 'POST', path: '/keys/{{keyId | url}}/off' };
  const create = { method: 'POST', path: '/keys', parts: { login: 'a', password: 'b' } };

  it.each([
    ['command', { command: ['./keys', 'all'], actions: ['create'], parts: { login: {}, password: {} } }],
    [
      'http',
      { address: 'https://x.example', create, deactivate: switchOff, keyId: { part: 'login' }, formats: {} },
    ],
    ['generated', { format: 'ed25519' }],
    ['generated', { format: 'words' }],
  ])('of a key by %s begins with such a key, and ends with another', async (type, options) => {
    const parts = type === 'generated' ? ['value'] : ['login', 'password'];
    const liveKeys = type === 'generated' ? null : 1;
    const named = 'format' in options && options.format === 'ed25519' ? ['privateKey', 'publicKey'] : parts;
    const verdict = await rehearsed({
      shape: { stores: ['dotenv', 'cyberark-conjur'], withService: false },
      change: issuedBy(type, options, named),
    });
    expect(verdict).toMatchObject({ safe: true, liveKeys, report: { status: 'done' } });
    expect(holding(verdict)).toEqual(['new']);
  });

  it('is safe when one store holds the pair and another one the secret alone', async () => {
    const verdict = await rehearsed({
      shape: { withService: false },
      change: (config) => {
        const [key] = Object.values(config.keys);
        const [first, second] = key?.targets ?? [];
        if (key === undefined || first === undefined || second === undefined) throw new Error('two targets');
        const alone = { ...second, fields: { SECRET: 'secretAccessKey' } };
        return { ...config, keys: { 'the-key': { ...key, targets: [first, alone] } } };
      },
    });
    expect(verdict).toMatchObject({ safe: true, report: { status: 'done' } });
  });

  it('is safe where the only store shows no values, as the config says of it', async () => {
    const http = {
      address: 'https://x.example',
      writeOnly: true,
      read: { method: 'GET', path: '/{{ref | path}}/{{field | url}}', updatedAt: 'at' },
      write: { method: 'PUT', path: '/{{ref | path}}/{{field | url}}', body: { value: '{{value}}' } },
    };
    const verdict = await rehearsed({ shape: { stores: ['http'], options: { http } } });
    expect(verdict).toMatchObject({ safe: true, liveKeys: 1, report: { status: 'done' } });
    expect(holding(verdict)).toEqual(['new']);
  });

  it('tells of a part that no key has, as a rotation would', async () => {
    const refused = rehearsed({
      shape: { withService: false },
      change: issuedBy('generated', { format: 'hex' }, ['passwrod']),
    });
    await expect(refused).rejects.toThrow(PreflightRefusal);
    await expect(refused).rejects.toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ code: 'NOT_FOUND' })]),
    });
  });
});

describe('a fault', () => {
  const postman = { issuer: { type: 'postman' } };

  it.each([
    ['429@push:hashicorp-vault', 'done', 'new'],
    ['lost-answer@push:hashicorp-vault', 'done', 'new'],
    ['429@push:dotenv', 'done', 'new'],
    ['lost-answer@push:dotenv', 'done', 'new'],
    ['lost-answer@create-key', 'done', 'new'],
    ['429@create-key', 'done', 'new'],
    ['429@deactivate-key', 'done', 'new'],
    ['kill@delete-key', 'done', 'new'],
    ['failed-check@check:shop', 'rolled-back', 'old'],
    ['lost-answer@check:shop', 'rolled-back', 'old'],
    ['lost-answer@reload:shop', 'done', 'new'],
    ['429@reload:shop', 'rolled-back', 'old'],
  ])('%s ends as %s, with the %s key everywhere', async (fault, status, key) => {
    const verdict = await rehearsed({
      faults: [fault],
      change: reloadedBy('command', { command: ['reload'] }),
    });
    expect(verdict).toMatchObject({ safe: true, liveKeys: 1, report: { status } });
    expect(holding(verdict)).toEqual([key]);
    expect(verdict.faults).toEqual({ struck: [expect.stringMatching(`^${fault}`)], missed: [] });
    expect(verdict.resumes).toBe(fault.startsWith('kill') ? 1 : 0);
  });

  it.each(['lost-answer@create-key', '429@push:nowhere', '429@reload:other', 'failed-check@check:other'])(
    '%s that has no wire to strike, or no such step, is told and changes nothing',
    async (fault) => {
      // A key that keyturn makes itself has no issuer that could break.
      const change = issuedBy('generated', { format: 'hex' }, ['value']);
      const verdict = await rehearsed({ faults: [fault], shape: { withService: false }, change });
      expect(verdict).toMatchObject({ safe: true, faults: { struck: [], missed: [fault] } });
    },
  );

  it.each([
    [1, '1 key is live'],
    [2, '2 keys are live'],
  ])(
    'that loses %i keys a person had made is not safe: nothing but the web page shows them',
    async (times, text) => {
      const verdict = await rehearsed({
        shape: postman,
        faults: Array.from({ length: times }, () => 'kill@create-key'),
      });
      expect(verdict).toMatchObject({ safe: false, liveKeys: times + 1, resumes: times });
      expect(verdict.message).toContain(`${text} at the issuer that nobody uses`);
      expect(holding(verdict)).toEqual(['new']);
    },
  );
});

describe('the verdict', () => {
  it('counts two live keys as right where the policy keeps the old one', async () => {
    const verdict = await rehearsed({ shape: { policy: { deactivate: 'never' } } });
    expect(verdict).toMatchObject({ safe: true, liveKeys: 2, report: { status: 'done' } });
  });

  it('of a contained leak is the same, the other way round', async () => {
    expect(await rehearsed({ mode: 'contain' })).toMatchObject({
      safe: true,
      liveKeys: 1,
      report: { status: 'done' },
    });
  });

  it('believes the stores, and no report: a value that is gone is not safe', async () => {
    const load = catalog.stores['dotenv'];
    if (load === undefined) throw new Error('there is a store of files');
    const forgetful = async () => {
      const plugin = await load();
      const start = await plugin.emulator();
      const emulator = async (): Promise<StoreEmulator> => ({
        ...(await start()),
        peek: async () => undefined,
      });
      return { ...plugin, emulator: async () => emulator };
    };
    const verdict = await rehearsed({
      shape: { stores: ['hashicorp-vault', 'dotenv'] },
      catalog: { ...catalog, stores: { ...catalog.stores, dotenv: forgetful } },
    });
    expect(verdict).toMatchObject({ safe: false, report: { status: 'done' } });
    expect(Object.values(verdict.holds).sort()).toEqual(['new', 'other']);
  });

  it('waits out what a rotation waits for, and takes no time for it', async () => {
    const day = 86_400_000;
    const begun = Date.now();
    const verdict = await rehearsed({
      shape: { policy: { deactivate: 'after-soak', soakMs: 7 * day, graceMs: 30 * day } },
    });
    expect(verdict).toMatchObject({ safe: true, report: { status: 'done' } });
    expect(Date.now() - begun).toBeLessThan(day);
  });
});

describe('what has nothing to do with the key', () => {
  it('is not emulated: another service, another key', async () => {
    const verdict = await rehearsed({
      change: (config) => {
        const [shop] = Object.values(config.services);
        if (shop === undefined) throw new Error('the config has a service');
        const uses = shop.uses.map((use) => ({ ...use, key: 'another-key' }));
        const other = { ...shop, uses, checks: [], reload: { type: 'nobody', timeoutMs: 1, options: {} } };
        return { ...config, services: { ...config.services, other } };
      },
    });
    expect(verdict).toMatchObject({ safe: true, report: { status: 'done' } });
  });

  it('is no reference of the user’s own: it is refused, and not read', async () => {
    const { resolve } = createReferences();
    await expect(resolve('env:HOME')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('a rehearsal resolves no real reference'),
    });
  });
});

describe('what cannot be rehearsed', () => {
  it('is a key that is not in the config', async () => {
    const attempt = rehearse(
      host.runtime({ config: configOver({}, host.stateDir), catalog }),
      { ...REQUEST, key: 'the-kye' },
      [],
      () => {},
    );
    await expect(attempt).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('key the-kye is not valid: it is not one of: the-key'),
    });
  });

  it.each(['kill', 'kill@', '@push', 'crash@push', ''])('is the fault %j', (text) => {
    expect(() => parseFault(text)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('KIND@STEP') }),
    );
  });
});
