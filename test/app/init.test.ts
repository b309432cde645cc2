import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answersFrom, type InitRequest } from '../../src/app/init/first-answers.ts';
import { writeFirstConfig } from '../../src/app/init/write-first-config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { catalog } from '../support/world.ts';

const REQUEST: InitRequest = {
  key: 'shop-key',
  issuer: 'generated',
  stores: ['env=dotenv'],
  targets: ['env:shop.env#API_KEY'],
  options: ['issuer.format=hex'],
  service: undefined,
  checkUrl: undefined,
};
const settings = { catalog, env: {} };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-init-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a flag that does not have its form is refused, with the form', () => {
  it.each([
    [{ stores: ['env'] }, '--store env', 'NAME=TYPE'],
    [{ stores: ['=dotenv'] }, '--store =dotenv', 'NAME=TYPE'],
    [{ stores: ['env='] }, '--store env=', 'NAME=TYPE'],
    [{ targets: ['shop.env'] }, '--target shop.env', 'STORE:REF#FIELD'],
    [{ options: ['issuer.format'] }, '--set issuer.format', 'stores.NAME.OPTION=VALUE'],
    [{ options: ['format=hex'] }, '--set format', 'does not begin with stores.NAME. or issuer.'],
    [{ options: ['stores.env=x'] }, '--set stores.env', 'does not begin with stores.NAME. or issuer.'],
  ])('%j', (change, subject, form) => {
    expect(() => answersFrom({ ...REQUEST, ...change })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(new RegExp(`^${subject.replaceAll('.', '\\.')} is not valid`)),
      }),
    );
    expect(() => answersFrom({ ...REQUEST, ...change })).toThrow(form);
  });

  it('and a value that may be a secret is not repeated', () => {
    const options = ['token=not-to-be-shown'];
    expect(() => answersFrom({ ...REQUEST, options })).not.toThrow('not-to-be-shown');
  });
});

describe('what flags have said', () => {
  it('goes to the store or the issuer it names, as JSON where it is JSON', () => {
    const options = [
      'stores.env.root=a=b',
      'stores.env.timeout=7',
      'stores.other.root=x',
      'issuer.format=hex',
      'issuer.bits=128',
    ];
    const stores = ['env=dotenv', 'other=dotenv'];
    expect(answersFrom({ ...REQUEST, options, stores })).toMatchObject({
      stores: [
        { name: 'env', type: 'dotenv', options: { root: 'a=b', timeout: 7 } },
        { name: 'other', type: 'dotenv', options: { root: 'x' } },
      ],
      issuer: { type: 'generated', options: { format: 'hex', bits: 128 } },
    });
  });

  it('of a slot without a field means all of it, and a # in a path belongs to the path', () => {
    const targets = ['env:a/b', 'env:c#d#E'];
    expect(answersFrom({ ...REQUEST, targets }).targets).toEqual([
      { store: 'env', ref: 'a/b', fields: { '': 'value' } },
      { store: 'env', ref: 'c#d', fields: { E: 'value' } },
    ]);
  });
});

describe('the first config', () => {
  const path = (): string => join(folder, 'rotation.config.yaml');

  it('is one that can be read, and names the schema that lies beside it', async () => {
    await writeFirstConfig(path(), answersFrom(REQUEST), settings);
    expect((await loadConfig(path(), settings)).keys['shop-key']?.targets).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['keyturn.schema.json', 'rotation.config.yaml']);
    expect(await readFile(path(), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=.\/keyturn.schema.json/,
    );
  });

  it('never takes the place of another', async () => {
    await writeFirstConfig(path(), answersFrom(REQUEST), settings);
    const before = await readFile(path(), 'utf8');
    await expect(
      writeFirstConfig(path(), answersFrom({ ...REQUEST, key: 'another' }), settings),
    ).rejects.toMatchObject({ code: 'REFUSED', hint: expect.stringContaining('--config') });
    expect(await readFile(path(), 'utf8')).toBe(before);
  });

  it('in which something is missing is told with its line, and is not left in the way', async () => {
    const incomplete = answersFrom({ ...REQUEST, options: [] });
    await expect(writeFirstConfig(path(), incomplete, settings)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/rotation\.config\.yaml:\d+:\d+ .*format/),
      // There is no file to correct: it says how the next try gets it right.
      hint: expect.stringMatching(
        /^Nothing was written\. .*`--set issuer\.OPTION=VALUE`.*`keyturn issuers show generated`/,
      ),
    });
    expect(await readdir(folder)).toEqual([]);
    await writeFirstConfig(path(), answersFrom(REQUEST), settings);
  });

  it('whose schema cannot be written is not left in the way either', async () => {
    await mkdir(join(folder, 'keyturn.schema.json'));
    await expect(writeFirstConfig(path(), answersFrom(REQUEST), settings)).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['keyturn.schema.json']);
  });

  it('that cannot be written is not taken for one that is there', async () => {
    await mkdir(path());
    await expect(
      writeFirstConfig(join(folder, 'nowhere/rotation.config.yaml'), answersFrom(REQUEST), settings),
    ).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
