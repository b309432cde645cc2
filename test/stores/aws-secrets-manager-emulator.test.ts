import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectGarbage, makeSecret } from '../../src/stores/aws-secrets-manager/emulated-secret.ts';
import { openRig, type Rig } from './aws-secrets-manager-rig.ts';

/** The emulator has to refuse what AWS refuses, or what passes here fails there. Asked with AWS' own client. */
let rig: Rig;
let clients: SecretsManagerClient[];
beforeEach(async () => {
  rig = await openRig();
  clients = [];
});
afterEach(async () => {
  for (const each of clients) each.destroy();
  await rig.close();
});

function client(change: { accessKeyId?: string; secretAccessKey?: string } = {}): SecretsManagerClient {
  const { accessKeyId, secretAccessKey } = rig.emulator.options() as Record<string, string>;
  const resolved = (reference = ''): string => rig.emulator.resolve(reference) ?? '';
  const made = new SecretsManagerClient({
    region: 'us-east-1',
    endpoint: rig.emulator.server.url,
    maxAttempts: 1,
    credentials: {
      accessKeyId: resolved(accessKeyId),
      secretAccessKey: resolved(secretAccessKey),
      ...change,
    },
  });
  clients.push(made);
  return made;
}

const SecretId = (): string => rig.slot.ref;
const label = (change: { VersionStage: string; MoveToVersionId?: string; RemoveFromVersionId?: string }) =>
  client().send(new UpdateSecretVersionStageCommand({ SecretId: SecretId(), ...change }));
const refusal = (name: string, message: RegExp = /./) => ({ name, message: expect.stringMatching(message) });

describe('who asks', () => {
  it('has to have a key that is known, and to sign with it', async () => {
    const describeSecret = (change: { accessKeyId?: string; secretAccessKey?: string }) =>
      client(change).send(new DescribeSecretCommand({ SecretId: SecretId() }));
    await expect(describeSecret({ accessKeyId: 'unknown' })).rejects.toMatchObject(
      refusal('UnrecognizedClientException'),
    );
    await expect(describeSecret({ secretAccessKey: 'another' })).rejects.toMatchObject(
      refusal('InvalidSignatureException'),
    );
  });

  it('cannot ask for what the service does not have', async () => {
    await expect(client().send(new ListSecretsCommand({}))).rejects.toMatchObject(
      refusal('UnknownOperationException', /./),
    );
    const answer = await fetch(rig.emulator.server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=DeleteUser&Version=2010-05-08',
    });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('InvalidAction')]);
  });

  it('has to name the secret', async () => {
    const attempt = client().send(new DescribeSecretCommand({ SecretId: undefined }));
    await expect(attempt).rejects.toMatchObject(
      refusal('ValidationException', /'secretId'.*must not be null/),
    );
  });
});

describe('a secret', () => {
  it('is created once under a name', async () => {
    const create = () => client().send(new CreateSecretCommand({ Name: 'app/new', SecretString: 'first' }));
    const { VersionId, ARN } = await create();
    expect(await client().send(new GetSecretValueCommand({ SecretId: ARN }))).toMatchObject({
      VersionId,
      SecretString: 'first',
      VersionStages: ['AWSCURRENT'],
    });
    await expect(create()).rejects.toMatchObject(refusal('ResourceExistsException', /already exists/));
    expect(rig.emulator.effects()).toBe(1);
  });

  it('may be text of 64 KiB, and no more', async () => {
    const put = (bytes: number) =>
      client().send(new PutSecretValueCommand({ SecretId: SecretId(), SecretString: 'x'.repeat(bytes) }));
    const { VersionStages } = await put(65_536);
    expect(VersionStages).toEqual(['AWSCURRENT']);
    await expect(put(65_537)).rejects.toMatchObject(refusal('ValidationException', /65536/));
  });

  it('that is marked for deletion can be described, and nothing else', async () => {
    rig.emulator.secret(rig.slot).deletedAt = Date.UTC(2026, 0, 2);
    await expect(client().send(new DescribeSecretCommand({ SecretId: SecretId() }))).resolves.toMatchObject({
      DeletedDate: new Date(Date.UTC(2026, 0, 2)),
    });
    await expect(client().send(new GetSecretValueCommand({ SecretId: SecretId() }))).rejects.toMatchObject(
      refusal('InvalidRequestException', /marked for deletion/),
    );
  });
});

describe('a label', () => {
  const put = async (stage: string): Promise<string> => {
    const command = new PutSecretValueCommand({
      SecretId: SecretId(),
      SecretString: stage,
      VersionStages: [stage],
    });
    return (await client().send(command)).VersionId ?? '';
  };

  it('is taken from the version that is named, and from no other', async () => {
    const other = await put('mine');
    await expect(label({ VersionStage: 'mine', MoveToVersionId: rig.first })).rejects.toMatchObject(
      refusal('InvalidParameterException', new RegExp(`attached to version ${other}`)),
    );
    await expect(
      label({ VersionStage: 'mine', MoveToVersionId: other, RemoveFromVersionId: rig.first }),
    ).rejects.toMatchObject(refusal('InvalidParameterException', /must explicitly reference/));
    await expect(label({ VersionStage: 'nobodys', RemoveFromVersionId: other })).rejects.toMatchObject(
      refusal('InvalidParameterException', /isn't attached/),
    );
    await expect(label({ VersionStage: 'mine', MoveToVersionId: 'no-such' })).rejects.toMatchObject(
      refusal('ResourceNotFoundException', /no-such/),
    );
    await label({ VersionStage: 'mine', MoveToVersionId: rig.first, RemoveFromVersionId: other });
    expect(rig.labels()).toEqual({ [rig.first]: ['AWSCURRENT', 'mine'], [other]: [] });
  });

  it('AWSCURRENT can be moved, never removed', async () => {
    await expect(label({ VersionStage: 'AWSCURRENT', RemoveFromVersionId: rig.first })).rejects.toMatchObject(
      refusal('InvalidParameterException', /can't remove/),
    );
  });

  it('there are at most twenty of', async () => {
    for (let count = 1; count < 20; count += 1) {
      await label({ VersionStage: `l${count}`, MoveToVersionId: rig.first });
    }
    await expect(label({ VersionStage: 'l20', MoveToVersionId: rig.first })).rejects.toMatchObject(
      refusal('LimitExceededException'),
    );
    await label({ VersionStage: 'l1', MoveToVersionId: rig.first });
  });

  it('keeps a version from being forgotten', async () => {
    const [kept, lost] = [await put('kept'), await put('lost')];
    await label({ VersionStage: 'lost', RemoveFromVersionId: lost });
    collectGarbage(rig.emulator.secret(rig.slot));
    expect(Object.keys(rig.labels())).toEqual([rig.first, kept]);
  });
});

describe('what a test sees', () => {
  it('is a mistake of the test when it never seeded it', async () => {
    const nowhere = { ref: 'no/such', fields: [''] };
    expect(() => rig.emulator.secret(nowhere)).toThrow('no secret no/such was seeded');
    expect(await rig.emulator.peek(nowhere)).toBeUndefined();
  });

  it('is the fields that hold text, and nothing where there is none', async () => {
    const fields = ['API_KEY', 'port', 'absent'];
    expect(Object.keys((await rig.emulator.peek({ ...rig.slot, fields })) ?? {})).toEqual(['API_KEY']);
    rig.emulator.secret(rig.slot).versions.clear();
    expect(await rig.emulator.peek({ ...rig.slot, fields: [''] })).toEqual({ '': '' });
  });

  it('has nothing beside a secret that is one value; a second seed is a second version', async () => {
    const whole = { ref: 'app/whole', fields: [''] };
    await rig.emulator.seed(whole, { '': 'one' });
    await rig.emulator.seed(whole, { '': 'two' });
    expect(await rig.emulator.neighbours(whole)).toBe('');
    expect(await rig.emulator.peek(whole)).toEqual({ '': 'two' });
    expect(rig.emulator.secret(whole).versions.size).toBe(2);
    expect(makeSecret('x').arn).toMatch(/^arn:aws:secretsmanager:us-east-1:\d{12}:secret:x-\w{6}$/);
  });
});
