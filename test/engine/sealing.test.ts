import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { createValueSealer } from '../../src/engine/value-sealer.ts';
import { type EngineFolder, engineFolder } from './support/engine-folder.ts';

const ID = 'r1';

function newSecret(): Secret {
  return new Secret(`value-${randomBytes(18).toString('hex')}`);
}

async function refusal(attempt: Promise<unknown>): Promise<RotationError> {
  return attempt.then(
    () => expect.unreachable('it was opened'),
    (error: RotationError) => error,
  );
}

/** Each sealer is made anew, as by the next process: nothing comes from memory. */
async function unsealed(storage: EngineFolder['storage'], sealed: string, id = ID): Promise<string> {
  return (await (await storage.sealer(id)).unseal(sealed)).reveal();
}

function filesUnder(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('a sealed value', () => {
  it('comes back as it was, whatever it is', async () => {
    const dataKey = randomBytes(32);
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const sealed = await createValueSealer(dataKey, ID).seal(new Secret(value));
        expect(sealed).toMatch(/^sealed:v1:[A-Za-z0-9+/]+=*$/);
        expect((await createValueSealer(dataKey, ID).unseal(sealed)).reveal()).toBe(value);
      }),
    );
  });

  it('opens in another process of the same machine', async () => {
    const folder = engineFolder();
    const secret = newSecret();
    const sealed = await (await folder.storage.sealer(ID)).seal(secret);
    expect(await unsealed(folder.open(), sealed)).toBe(secret.reveal());
  });

  it('is sealed another way each time: equal values do not show', async () => {
    const sealer = createValueSealer(randomBytes(32), ID);
    const secret = newSecret();
    expect(await sealer.seal(secret)).not.toBe(await sealer.seal(secret));
  });

  it('opens in no other rotation, even under the same data key', async () => {
    const dataKey = randomBytes(32);
    const sealed = await createValueSealer(dataKey, 'r1').seal(newSecret());
    const error = await refusal(createValueSealer(dataKey, 'r2').unseal(sealed));
    expect(error).toMatchObject({ code: 'REFUSED', message: expect.stringContaining('r2') });
  });

  it('each rotation has a data key of its own', async () => {
    const { storage } = engineFolder();
    const sealed = await (await storage.sealer('r1')).seal(newSecret());
    expect(await refusal(unsealed(storage, sealed, 'r2'))).toMatchObject({ code: 'REFUSED' });
  });

  it('that was changed anywhere is refused', async () => {
    const dataKey = randomBytes(32);
    const secret = newSecret();
    const sealed = await createValueSealer(dataKey, ID).seal(secret);
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const changed = `${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`;
      const error = await refusal(createValueSealer(dataKey, ID).unseal(changed));
      expect(error, `changed at ${at}`).toMatchObject({ code: 'REFUSED' });
      expect(`${error.message} ${error.hint}`).not.toContain(secret.reveal());
    }
  });

  it.each([
    ['empty', () => ''],
    ['no sealed text', () => 'the value itself'],
    ['of another version', (sealed: string) => sealed.replace('v1', 'v2')],
    ['cut in the tag', (sealed: string) => sealed.slice(0, 40)],
    ['cut in the text', (sealed: string) => sealed.slice(0, -4)],
    ['with something after it', (sealed: string) => `${sealed}AAAA`],
  ])('that is %s is refused', async (_what, change) => {
    const dataKey = randomBytes(32);
    const sealed = await createValueSealer(dataKey, ID).seal(newSecret());
    const error = await refusal(createValueSealer(dataKey, ID).unseal(change(sealed)));
    expect(error).toMatchObject({ code: 'REFUSED' });
  });
});

describe('the identity file', () => {
  it('is made once, 0600 in a folder of 0700, and used again', async () => {
    const folder = engineFolder();
    const sealed = await (await folder.storage.sealer('r1')).seal(newSecret());
    const text = readFileSync(folder.identityPath, 'utf8');
    expect(text.match(/^AGE-SECRET-KEY-/gm)).toHaveLength(1);
    expect(statSync(folder.identityPath).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.identityPath, '..')).mode & 0o777).toBe(0o700);

    await folder.open().sealer('r2');
    await unsealed(folder.open(), sealed);
    expect(readFileSync(folder.identityPath, 'utf8')).toBe(text);
  });

  it('is made once by many at once, and opens what each of them sealed', async () => {
    for (let round = 0; round < 10; round += 1) {
      const folder = engineFolder();
      const ids = ['r1', 'r2', 'r3', 'r4'];
      const secret = newSecret();
      const sealed = await Promise.all(ids.map(async (id) => (await folder.open().sealer(id)).seal(secret)));
      expect(readdirSync(join(folder.identityPath, '..'))).toEqual(['identity.txt']);
      for (const [index, id] of ids.entries()) {
        expect(await unsealed(folder.open(), sealed[index] ?? '', id)).toBe(secret.reveal());
      }
    }
  });

  it('that holds no identity is named', async () => {
    const folder = engineFolder();
    await folder.storage.sealer('r1');
    writeFileSync(folder.identityPath, '# nothing here\n');
    expect(await refusal(folder.open().sealer('r1'))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(folder.identityPath),
    });
  });
});

describe('the data key of one rotation', () => {
  it('made by many at once is one: all of them open what each of them sealed', async () => {
    const folder = engineFolder();
    const secret = newSecret();
    const sealers = await Promise.all([1, 2, 3, 4].map(() => folder.open().sealer(ID)));
    for (const sealer of sealers) {
      expect(await unsealed(folder.open(), await sealer.seal(secret))).toBe(secret.reveal());
    }
  });

  it('is 0600', async () => {
    const folder = engineFolder();
    await folder.storage.sealer(ID);
    const path = join(folder.state, 'rotations', ID, 'data-key.age');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe('the fingerprint key', () => {
  it('made by many at once is one, whole for each of them', async () => {
    for (let round = 0; round < 10; round += 1) {
      const folder = engineFolder();
      const keys = await Promise.all([1, 2, 3, 4].map(() => folder.open().fingerprintKey()));
      const hex = keys.map((key) => Buffer.from(key).toString('hex'));
      expect(hex[0]).toMatch(/^[0-9a-f]{64}$/);
      expect(new Set(hex).size).toBe(1);
      expect(statSync(join(folder.state, 'fingerprint.key')).mode & 0o777).toBe(0o600);
    }
  });
});

describe('recipients', () => {
  it('open with their own identities what a colleague sealed', async () => {
    const [mine, hers] = [await generateIdentity(), await generateIdentity()];
    const recipients = await Promise.all([mine, hers].map((one) => identityToRecipient(one)));
    const folder = engineFolder();
    const secret = newSecret();
    const sealed = await (await folder.open({ recipients }).sealer(ID)).seal(secret);
    for (const identity of [mine, hers]) {
      const theirs = folder.open({ recipients, identity: new Secret(identity) });
      expect(await unsealed(theirs, sealed)).toBe(secret.reveal());
    }
  });

  it('who are not among them are refused, and told what to do', async () => {
    const recipient = await identityToRecipient(await generateIdentity());
    const folder = engineFolder();
    const sealed = await (await folder.open({ recipients: [recipient] }).sealer(ID)).seal(newSecret());
    const stranger = folder.open({ identity: new Secret(await generateIdentity()) });
    expect(await refusal(unsealed(stranger, sealed))).toMatchObject({
      code: 'REFUSED',
      exitCode: 3,
      hint: expect.stringContaining('sealing.recipients'),
    });
  });

  it('do not shut out a given identity', async () => {
    const recipients = [await identityToRecipient(await generateIdentity())];
    const identity = new Secret(await generateIdentity());
    const folder = engineFolder();
    const secret = newSecret();
    const sealed = await (await folder.open({ recipients, identity }).sealer(ID)).seal(secret);
    expect(await unsealed(folder.open({ identity }), sealed)).toBe(secret.reveal());
  });
});

describe('a passphrase', () => {
  it('opens what it sealed, another one does not, and no identity is made', async () => {
    const folder = engineFolder();
    const passphrase = newSecret();
    const secret = newSecret();
    const sealed = await (await folder.open({ passphrase }).sealer(ID)).seal(secret);
    expect(await unsealed(folder.open({ passphrase }), sealed)).toBe(secret.reveal());
    expect(await refusal(unsealed(folder.open({ passphrase: newSecret() }), sealed))).toMatchObject({
      code: 'REFUSED',
      hint: expect.stringContaining('sealing.recipients'),
    });
    expect(readdirSync(folder.root)).toEqual(['project']);
  });
});

describe('sealed material that was destroyed', () => {
  it('opens for nobody any more, however often it is asked', async () => {
    const folder = engineFolder();
    const sealed = await (await folder.storage.sealer(ID)).seal(newSecret());
    await folder.storage.destroySealed(ID);
    for (const storage of [folder.storage, folder.open()]) {
      expect(await refusal(unsealed(storage, sealed))).toMatchObject({ code: 'REFUSED' });
    }
  });

  it('leaves no data key behind, and can be destroyed again', async () => {
    const folder = engineFolder();
    await folder.storage.sealer(ID);
    await folder.storage.destroySealed(ID);
    await folder.storage.destroySealed(ID);
    expect(readdirSync(join(folder.state, 'rotations', ID))).toEqual([]);
  });

  it('leaves other rotations as they are', async () => {
    const folder = engineFolder();
    const secret = newSecret();
    const sealed = await (await folder.storage.sealer('r2')).seal(secret);
    await folder.storage.sealer('r1');
    await folder.storage.destroySealed('r1');
    expect(await unsealed(folder.open(), sealed, 'r2')).toBe(secret.reveal());
  });
});

describe('a state folder', () => {
  it('has no plaintext in it, nor has the identity folder, at any time', async () => {
    const folder = engineFolder();
    const values = [newSecret(), newSecret()];
    const journal = await folder.storage.createJournal(ID);
    const sealer = await folder.storage.sealer(ID);
    for (const secret of values) {
      await journal.append({
        type: 'step.done',
        step: secret.fingerprint(),
        output: await sealer.seal(secret),
      }).durable;
    }
    await journal.close();
    expectNoTrace(folder, values, 4);
    await folder.storage.destroySealed(ID);
    expectNoTrace(folder, values, 3);
  });

  it('whose identity was lost opens nothing', async () => {
    const folder = engineFolder();
    const sealed = await (await folder.storage.sealer(ID)).seal(newSecret());
    rmSync(folder.identityPath);
    expect(await refusal(unsealed(folder.open(), sealed))).toMatchObject({ code: 'REFUSED' });
  });
});

function expectNoTrace(folder: EngineFolder, secrets: readonly Secret[], files: number): void {
  const paths = filesUnder(folder.root);
  expect(paths).toHaveLength(files);
  for (const path of paths) {
    const bytes = readFileSync(path);
    for (const secret of secrets) {
      const value = Buffer.from(secret.reveal());
      for (const trace of [value, value.toString('base64'), value.toString('hex')]) {
        expect(bytes.includes(trace), path).toBe(false);
      }
    }
  }
}
