import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { addVersion, type EmulatedSecret } from '../../src/stores/gcp-secret-manager/emulated-secret.ts';
import { optionsSchema } from '../../src/stores/gcp-secret-manager/options.ts';
import { openRig, type Rig } from './gcp-secret-manager-rig.ts';

let rig: Rig | undefined;
afterEach(() => rig?.close());

interface World {
  readonly ref?: string;
  readonly denied?: readonly string[];
  readonly options?: JsonObject;
}

async function found(change: (secret: EmulatedSecret) => void, world: World = {}): Promise<string[]> {
  const { ref = 'checkout/versions/live', denied = [], options = {} } = world;
  await rig?.close();
  rig = await openRig(options);
  for (const permission of denied) rig.emulator.denied.add(permission);
  const slot = await rig.seeded(ref);
  change(rig.emulator.secret(slot));
  const { findings } = await rig.store.preflight(slot, rig);
  return findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

describe('preflight of a secret', () => {
  it('has nothing to say of a healthy one', async () => {
    expect(await found(() => {})).toEqual([]);
  });

  it('says of `latest` that there is no compare-and-set', async () => {
    expect(await found(() => {}, { ref: 'checkout' })).toEqual([
      expect.stringMatching(/^info CONFLICT: .*no compare-and-set/),
    ]);
    expect((await rig?.store.preflight({ ref: 'checkout', fields: [''] }, rig))?.cas).toBe(false);
  });

  it.each<[string, Partial<EmulatedSecret>, RegExp]>([
    [
      'a rotation of its own',
      { rotation: { managedRotationStatus: {} } },
      /^error REFUSED: Secret Manager rotates/,
    ],
    [
      'a rotation schedule',
      { rotation: { nextRotationTime: '2099-01-01T00:00:00Z' } },
      /^warning REFUSED: it has a rotation schedule/,
    ],
    [
      'an end',
      { expireTime: '2099-01-01T00:00:00Z' },
      /^warning REFUSED: Google deletes it at 2099-01-01T00/,
    ],
  ])('reports %s', async (_what, state, finding) => {
    expect(await found((secret) => Object.assign(secret, state))).toEqual([expect.stringMatching(finding)]);
  });

  it('warns of an alias that is not on the newest version: what was changed since would be no part of the next', async () => {
    const staged = (secret: EmulatedSecret): void => {
      addVersion(secret, Buffer.from('staged'));
    };
    const warning = /^warning REFUSED: the alias live is on version 1, and the newest is 2/;
    expect(await found(staged)).toEqual([expect.stringMatching(warning)]);
    const unreadable = (secret: EmulatedSecret): void => {
      addVersion(secret, Buffer.from('staged'));
      Object.assign(secret.versions[1] ?? {}, { state: 'DISABLED' });
    };
    expect(await found(unreadable)).toEqual([]);
  });

  it('reports a current version that is disabled', async () => {
    const disable = (secret: EmulatedSecret): void => {
      Object.assign(secret.versions[0] ?? {}, { state: 'DISABLED' });
    };
    expect(await found(disable)).toEqual([expect.stringMatching(/^error REFUSED: .*DISABLED state/)]);
  });

  it('reports an alias and a version that are missing', async () => {
    expect(
      await found((secret) => {
        secret.aliases = { other: '1' };
      }),
    ).toEqual([expect.stringMatching(/^error NOT_FOUND: it has no alias live/)]);
    expect(await found((secret) => secret.versions.splice(0), { ref: 'checkout' })).toContainEqual(
      expect.stringMatching(/^error NOT_FOUND: it has no version yet/),
    );
  });

  it('asks for the permissions of a push of this kind, and for no others', async () => {
    const denied = [
      'secretmanager.versions.add',
      'secretmanager.secrets.update',
      'secretmanager.versions.disable',
    ];
    expect(await found(() => {}, { denied })).toEqual([
      'error PERMISSION_DENIED: the permission secretmanager.versions.add is missing',
      'error PERMISSION_DENIED: the permission secretmanager.secrets.update is missing',
    ]);
    const options = { disableReplaced: true };
    expect(await found(() => {}, { denied, options })).toHaveLength(3);
    expect(await found(() => {}, { denied: denied.slice(1), ref: 'checkout' })).toHaveLength(1);
  });
});

describe('a `ref`', () => {
  it.each([
    ['checkout/versions/3', /a version never changes/],
    ['checkout/versions/NEW', /not an alias/],
    ['a secret', /not the name/],
    ['projects/other-project/secrets/checkout', /in project other-project/],
    ['projects/keyturn-emulated/locations/europe-west3/secrets/checkout', /in location europe-west3/],
  ])('of %s is refused, once', async (ref, reason) => {
    rig = await openRig();
    const { findings } = await rig.store.preflight({ ref, fields: [''] }, rig);
    expect(findings).toEqual([
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(reason) }),
    ]);
  });

  it.each(['checkout', 'checkout/versions/latest', 'projects/keyturn-emulated/secrets/checkout'])(
    'may be %s',
    async (ref) => {
      rig = await openRig();
      await rig.seeded('checkout');
      expect(await rig.store.read({ ref, fields: [''] }, rig)).toMatchObject({ version: '1' });
    },
  );

  it('of a regional secret is in its location', async () => {
    rig = await openRig({ location: 'europe-west3' });
    const slot = await rig.seeded('checkout');
    expect(rig.emulator.secret(slot).name).toBe(
      'projects/keyturn-emulated/locations/europe-west3/secrets/checkout',
    );
    expect(await rig.store.read(slot, rig)).toMatchObject({ version: '1' });
    expect((await rig.store.whoami(rig)).attributes['location']).toBe('europe-west3');
  });
});

it('takes ids and numbers of projects, and no address in the clear', () => {
  const valid = (options: object): boolean => optionsSchema.safeParse(options).success;
  for (const project of ['my-project-1', 'example.com:my-project', '123456789012'])
    expect(valid({ project })).toBe(true);
  for (const project of ['', 'My Project', 'a/b']) expect(valid({ project })).toBe(false);
  expect(valid({ project: 'my-project-1', address: 'http://example.com' })).toBe(false);
});
