import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { pickVariable as pickOfBitbucket } from '../../src/stores/bitbucket-pipelines/pick-variable.ts';
import { variablesApi } from '../../src/stores/bitbucket-pipelines/variables-api.ts';
import { storedSecret } from '../../src/stores/circleci/stored-secret.ts';
import type { VariableFacts } from '../../src/stores/circleci/variables-api.ts';
import { optionsSchema } from '../../src/stores/gcp-secret-manager/options.ts';
import { openSecretApi } from '../../src/stores/gcp-secret-manager/secret-api.ts';
import { parseEnvironment } from '../../src/stores/postman-environment/environment.ts';
import type { EnvVar } from '../../src/stores/travis-ci/env-vars-api.ts';
import { pickVariable as pickOfTravis } from '../../src/stores/travis-ci/pick-variable.ts';
import { failure } from '../support/failure.ts';

const { signal } = new AbortController();

describe('the variable of Travis CI that a field means', () => {
  const variable = (over: Partial<EnvVar>): EnvVar => ({
    id: '1',
    name: 'KEY',
    public: false,
    branch: null,
    value: undefined,
    writable: true,
    ...over,
  });
  const all = [
    variable({}),
    variable({ id: '2', branch: 'main' }),
    variable({ id: '3', name: 'SHOWN', public: true }),
  ];
  const pick = (field: string, shown: readonly string[] = []) => pickOfTravis(field, all, shown);

  it('is the one of its branch, or of all branches', () => {
    expect(pick('KEY@main')).toEqual({ variable: all[1] });
    expect(pick('KEY@*')).toEqual({ variable: all[0] });
  });

  it.each([
    ['', 'REFUSED', 'names no `field`'],
    ['1KEY', 'REFUSED', '1KEY is no name of a variable'],
    ['KEY', 'CONFLICT', 'there are 2 variables of this name: KEY@*, KEY@main'],
    ['KEY@other', 'NOT_FOUND', 'there is no variable KEY@other; there is KEY@*, KEY@main'],
    ['GONE', 'NOT_FOUND', 'there is no variable GONE, and keyturn makes none'],
    ['SHOWN', 'REFUSED', 'SHOWN@* is public'],
  ])('is not picked for "%s": %s', (field, code, reason) => {
    expect(pick(field)).toMatchObject({ code, reason: expect.stringContaining(reason) });
  });

  it('may be public where the config says that it is no secret', () => {
    expect(pick('SHOWN', ['SHOWN'])).toEqual({ variable: all[2] });
  });
});

describe('the variable of Bitbucket that a field means', () => {
  const all = [
    { uuid: '{1}', key: 'KEY', secured: true, value: undefined },
    { uuid: '{2}', key: 'SHOWN', secured: false, value: undefined },
  ];

  it.each([
    ['', 'REFUSED', 'names no `field`'],
    ['1KEY', 'REFUSED', '1KEY is no name of a variable'],
    ['GONE', 'NOT_FOUND', 'there is no variable GONE'],
    ['SHOWN', 'REFUSED', 'SHOWN is not secured'],
  ])('is not picked for "%s": %s', (field, code, reason) => {
    expect(pickOfBitbucket(field, all, [])).toMatchObject({ code, reason: expect.stringContaining(reason) });
  });

  it('is known to be written only when the answer describes it as it was', async () => {
    const write = (told: object) =>
      variablesApi(
        { ask: async () => told } as unknown as Parameters<typeof variablesApi>[0],
        async () => '/variables',
        'prod',
      ).setValue(
        { uuid: '{1}', key: 'KEY', secured: true, value: undefined },
        new Secret('a key of the tests'),
        signal,
      );
    await write({ uuid: '{1}', key: 'KEY', secured: true });
    const shown = await failure(write({ uuid: '{1}', key: 'KEY', secured: false }));
    expect([shown.code, shown.message]).toEqual([
      'INDETERMINATE',
      expect.stringContaining('shows its value'),
    ]);
    const other = await failure(write({ uuid: '{2}', key: 'KEY', secured: true }));
    expect([other.code, other.message]).toEqual([
      'INDETERMINATE',
      expect.stringContaining('another variable'),
    ]);
  });
});

describe('what CircleCI tells of a slot', () => {
  const told = (facts: Readonly<Record<string, VariableFacts>>) =>
    storedSecret({ ref: 'p', fields: ['B', 'A'] }, new Map(Object.entries(facts)));

  it('is the stamps of its variables in one order, and the latest update', () => {
    expect(
      told({
        A: { stamp: 'a', updatedAt: '2030-01-02T00:00:00Z' },
        B: { stamp: 'b', updatedAt: '2030-01-01T00:00:00Z' },
      }),
    ).toEqual({ fields: {}, version: 'A=a&B=b', updatedAt: '2030-01-02T00:00:00Z' });
  });

  it('has no version where nothing of it changes with a write', () => {
    expect(told({ A: { stamp: undefined, updatedAt: undefined } })).toEqual({
      fields: {},
      version: undefined,
    });
  });

  it('is nothing where none of its variables is there, or the project is not', () => {
    expect([told({}), storedSecret({ ref: 'p', fields: ['A'] }, undefined)]).toEqual([undefined, undefined]);
  });
});

describe('an environment of Postman', () => {
  const of = (values: unknown, more: object = {}) => parseEnvironment({ environment: { values, ...more } });

  it('is its variables in their order, empty ones too: patches count them', () => {
    const values = [
      { key: 'a', value: 'x', type: 'secret' },
      { key: 'b', enabled: false, value: 7, secret: true },
    ];
    expect(of(values, { isPublic: true, updatedAt: 7 })).toEqual({
      isPublic: true,
      updatedAt: undefined,
      variables: [
        { key: 'a', value: 'x', enabled: true, unmasked: false, fromVault: false },
        { key: 'b', value: '', enabled: false, unmasked: true, fromVault: true },
      ],
    });
  });

  it('is none when any of its variables is not understood: the numbers behind it would be wrong', () => {
    for (const values of [[null], [{ value: 'x' }], [{ key: 7 }], 'text'])
      expect(of(values), JSON.stringify(values)).toBeUndefined();
    expect([parseEnvironment(null), parseEnvironment({ environment: 7 })]).toEqual([undefined, undefined]);
  });
});

describe('the address of Google Secret Manager', () => {
  const addressAt = async (options: object): Promise<string> => {
    const nobody = (): Promise<never> => Promise.reject(new Error('nobody is asked'));
    const api = await openSecretApi(optionsSchema.parse({ project: 'acme-prod', ...options }), {
      name: 'gcp',
      baseDir: tmpdir(),
      clock: systemClock,
      timeoutMs: 1000,
      resolve: nobody,
      operator: { provideCredential: nobody, confirmDone: nobody },
    });
    api.close();
    return api.address;
  };

  it('is that of the region, where secrets must not leave it', async () => {
    expect(await addressAt({})).toBe('https://secretmanager.googleapis.com');
    const regional = await addressAt({ location: 'europe-west3' });
    expect(regional).toBe('https://secretmanager.europe-west3.rep.googleapis.com');
  });
});
