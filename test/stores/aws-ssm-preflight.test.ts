import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { addVersion, type EmulatedParameter } from '../../src/stores/aws-ssm/emulated-parameter.ts';
import { fresh, openRig, type Rig } from './aws-ssm-rig.ts';

let rig: Rig | undefined;
afterEach(() => rig?.close());

async function found(
  change: (parameter: EmulatedParameter) => void,
  {
    ref = '/prod/key',
    denied = [],
    options = {},
  }: { ref?: string; denied?: string[]; options?: JsonObject } = {},
): Promise<string[]> {
  rig = await openRig(options);
  for (const action of denied) rig.emulator.denied.add(action);
  const slot = await rig.seeded(ref);
  change(rig.emulator.parameter(slot));
  const { findings } = await rig.store.preflight(slot, rig);
  return findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

const fill = (parameter: EmulatedParameter): void => {
  parameter.allowedPattern = undefined;
  while (parameter.versions.length < 100) addVersion(parameter, 'x');
};

describe('preflight of a parameter', () => {
  it('has nothing to say of a SecureString but that its pattern decides', async () => {
    expect(await found(() => {})).toEqual([expect.stringMatching(/^info REFUSED: its values must match/)]);
  });

  it.each([
    ['a String', { type: 'String' }, {}, /^error REFUSED: it is a String/],
    [
      'a String that is accepted',
      { type: 'String' },
      { allowPlainText: true },
      /^warning REFUSED: it is a String/,
    ],
    ['a StringList', { type: 'StringList' }, { allowPlainText: true }, /^error REFUSED: it is a StringList/],
    ['an image', { dataType: 'aws:ec2:image' }, {}, /^error REFUSED: its data type is aws:ec2:image/],
    [
      'an end',
      {
        policies: ['{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2099-01-01T00:00:00Z"}}'],
      },
      {},
      /^warning REFUSED: a policy deletes it/,
    ],
  ])('reports %s', async (_what, state, options, finding) => {
    expect(await found((parameter) => Object.assign(parameter, state), { options })).toContainEqual(
      expect.stringMatching(finding),
    );
  });

  it('warns of a label that is not on the newest version: what was changed since would be no part of the next', async () => {
    const staged = (parameter: EmulatedParameter): void => {
      addVersion(parameter, 'staged');
    };
    expect(await found(staged, { ref: '/prod/key:live' })).toContainEqual(
      expect.stringMatching(/^warning REFUSED: the label live is on version 1, and the newest is 2/),
    );
    expect(await found(staged)).not.toContainEqual(expect.stringMatching(/the newest is/));
  });

  it('reports a hundred versions of which the oldest has a label', async () => {
    const full = (parameter: EmulatedParameter): void => {
      fill(parameter);
      parameter.versions[0]?.labels.add('pinned');
    };
    expect(await found(full)).toEqual([expect.stringMatching(/^error LIMIT_REACHED: .*label pinned/)]);
    const slot = { ref: '/prod/key', fields: [''] };
    await expect(rig?.store.write(slot, { '': fresh() }, undefined, rig.writing())).rejects.toMatchObject({
      code: 'LIMIT_REACHED',
    });
  });

  it('has nothing against a hundred versions as such, or a label on a newer one', async () => {
    const labelled = (parameter: EmulatedParameter): void => {
      fill(parameter);
      parameter.versions[1]?.labels.add('pinned');
    };
    expect(await found(labelled)).toEqual([]);
  });

  it('asks IAM for what the push will need', async () => {
    const quiet = (parameter: EmulatedParameter): void => {
      parameter.allowedPattern = undefined;
    };
    const denied = ['ssm:PutParameter', 'ssm:LabelParameterVersion'];
    expect(await found(quiet, { denied })).toEqual([
      'warning PERMISSION_DENIED: no policy of the identity allows ssm:PutParameter',
    ]);
    await rig?.close();
    expect(await found(quiet, { denied, ref: '/prod/key:live' })).toHaveLength(2);
    await rig?.close();
    expect(await found(quiet, { denied: ['ssm:DescribeParameters'] })).toEqual([
      expect.stringMatching(/^error PERMISSION_DENIED: .*ssm:DescribeParameters/),
    ]);
  });
});

describe('a `ref`', () => {
  it.each([
    ['arn:aws:ssm:us-east-1:123456789012:parameter/x', /ARN/],
    ['/prod/key:3', /a version never changes/],
    ['/prod/key:aws-live', /not a label/],
    ['/prod/key:a:b', /not a label/],
    ['prod/key', /not the name/],
    ['/prod//key', /not the name/],
    ['/prod/a key', /not the name/],
    ['/aws/reference/secretsmanager/x', /for AWS alone/],
  ])('of %s is refused, once', async (ref, reason) => {
    rig = await openRig();
    const { findings } = await rig.store.preflight({ ref, fields: [''] }, rig);
    expect(findings).toEqual([
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(reason) }),
    ]);
    await expect(rig.store.read({ ref, fields: [''] }, rig)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });

  it.each(['/a', 'plain.name_1-x', '/a/b.c/d-e:live_2'])('may be %s', async (ref) => {
    rig = await openRig();
    const slot = await rig.seeded(ref);
    expect(
      (await rig.store.preflight(slot, rig)).findings.filter(({ severity }) => severity === 'error'),
    ).toEqual([]);
  });
});
