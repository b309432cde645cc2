import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Slot } from '../../src/core/plugins/store.ts';
import { failure } from '../support/failure.ts';
import { freshValues, type GithubActionsRig, openGithubActionsRig } from './github-actions-rig.ts';
import { secretsOf } from './support/writes.ts';

let rig: GithubActionsRig;
beforeEach(async () => {
  rig = await openGithubActionsRig();
});
afterEach(() => rig.close());

const REPOSITORY: Slot = { ref: 'acme/shop', fields: ['API_KEY'] };
const PAIR: Slot = { ref: 'acme/shop', fields: ['ACCESS_KEY', 'SECRET_KEY'] };

const push = async (slot: Slot, values = freshValues(slot)) => {
  const receipt = await rig.store.write(slot, secretsOf(values), undefined, rig.ctx);
  return { values, receipt };
};

describe('wherever secrets are', () => {
  it.each([
    ['acme/shop', '/repos/acme/shop/actions'],
    ['acme/shop/environments/prod eu/1', '/repos/acme/shop/environments/prod%20eu%2F1'],
    ['orgs/acme', '/orgs/acme/actions'],
    ['dependabot:acme/shop', '/repos/acme/shop/dependabot'],
    ['dependabot:orgs/acme', '/orgs/acme/dependabot'],
    ['codespaces:acme/shop', '/repos/acme/shop/codespaces'],
    ['codespaces:orgs/acme', '/orgs/acme/codespaces'],
  ])('%s is written at %s, and nowhere else', async (ref, path) => {
    const slot: Slot = { ref, fields: ['API_KEY'] };
    const old = freshValues(slot);
    // The same name in every other place stays as it is.
    for (const other of ['acme/shop', 'orgs/acme', 'dependabot:acme/shop', 'acme/shop/environments/other']) {
      if (other !== ref) await rig.emulator.seed({ ...slot, ref: other }, old);
    }
    await rig.emulator.seed(slot, old);
    const beside = await rig.emulator.neighbours(slot);
    const { findings } = await rig.store.preflight(slot, rig.ctx);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);

    const { values } = await push(slot);
    expect(await rig.emulator.peek(slot)).toEqual(values);
    expect(await rig.emulator.neighbours(slot)).toBe(beside);
    expect(rig.requests('PUT')).toEqual([`PUT ${path}/secrets/API_KEY`]);

    await rig.store.restore(
      slot,
      { before: undefined, values: secretsOf(old), receipt: undefined, pushed: secretsOf(values) },
      rig.ctx,
    );
    expect(await rig.emulator.peek(slot)).toEqual(old);
  });
});

describe('what is sent', () => {
  it('is a box that only GitHub can open, with the id of the key it is for; the value itself is nowhere', async () => {
    await rig.emulator.seed(REPOSITORY, freshValues(REPOSITORY));
    const { values, receipt } = await push(REPOSITORY);
    const { encrypted_value: box, key_id: keyId } = rig.lastPut();
    const publicKey = rig.emulator.boxes.publicKey('/repos/acme/shop/actions');
    expect(keyId).toBe(publicKey.key_id);
    // 32 bytes of an ephemeral key and 16 of a tag around the value.
    expect(Buffer.from(String(box), 'base64')).toHaveLength(48 + (values['API_KEY']?.length ?? 0));
    const sent = rig.emulator.github.server.requests.map(({ url, body }) => url + body).join('\n');
    expect(sent).not.toContain(values['API_KEY']);
    expect(receipt).toEqual({ version: undefined, details: { publicKey: publicKey.key_id } });
  });

  it('is encrypted for the key of the moment: one that was replaced is fetched anew', async () => {
    await rig.emulator.seed(REPOSITORY, freshValues(REPOSITORY));
    await push(REPOSITORY);
    rig.emulator.boxes.replaceKeys();
    const { values } = await push(REPOSITORY);
    expect(await rig.emulator.peek(REPOSITORY)).toEqual(values);
  });

  it('is asked as GitHub wants to be asked', async () => {
    await rig.store.whoami(rig.ctx);
    const [request] = rig.emulator.github.server.requests;
    expect(request?.headers).toMatchObject({
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      'user-agent': 'keyturn',
    });
  });
});

describe('names', () => {
  it('have no case: `api_key` is API_KEY', async () => {
    await rig.emulator.seed(REPOSITORY, freshValues(REPOSITORY));
    const lower: Slot = { ref: 'acme/shop', fields: ['api_key'] };
    expect((await rig.store.preflight(lower, rig.ctx)).findings).toEqual([]);
    const { values } = await push(lower);
    expect(await rig.emulator.peek(REPOSITORY)).toEqual({ API_KEY: values['api_key'] });
  });

  it.each([
    [['GITHUB_TOKEN'], /GitHub’s own/],
    [['github_token'], /GitHub’s own/],
    [['1_KEY'], /do not begin with a digit/],
    [['API-KEY'], /letters, digits/],
    [[''], /names no `field`/],
    [['API_KEY', 'api_key'], /are the same secret/],
  ])('%j are refused before anything is sent', async (fields, reason) => {
    const slot: Slot = { ref: 'acme/shop', fields };
    await rig.emulator.seed(REPOSITORY, freshValues(REPOSITORY));
    const { findings } = await rig.store.preflight(slot, rig.ctx);
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: 'error', code: 'REFUSED', message: expect.stringMatching(reason) }),
    );
    expect((await failure(push(slot))).code).toBe('REFUSED');
    expect(rig.emulator.effects()).toBe(0);
    expect(rig.requests('GET /repos/acme/shop/actions/secrets/public-key')).toEqual([]);
  });
});

describe('the stamp', () => {
  it('is that of every field, and moves when one of them does', async () => {
    await rig.emulator.seed(PAIR, freshValues(PAIR));
    const before = await rig.store.read(PAIR, rig.ctx);
    expect(before?.version).toMatch(
      /^ACCESS_KEY=2026-03-01T09:\d\d:\d\dZ&SECRET_KEY=2026-03-01T09:\d\d:\d\dZ$/,
    );
    await rig.emulator.overwrite({ ...PAIR, fields: ['SECRET_KEY'] }, freshValues(PAIR));
    const after = await rig.store.read(PAIR, rig.ctx);
    expect(after?.version?.split('&')[0]).toBe(before?.version?.split('&')[0]);
    expect(after?.version).not.toBe(before?.version);
    expect(after?.updatedAt).toBe(after?.version?.split('SECRET_KEY=')[1]);
  });

  it('has whole seconds: a push within the second of the last update waits for the next', async () => {
    await rig.emulator.seed(REPOSITORY, freshValues(REPOSITORY));
    await push(REPOSITORY);
    expect(rig.clock.sleeps).toEqual([]);
    rig.emulator.github.clock.stand();
    await rig.emulator.overwrite(REPOSITORY, freshValues(REPOSITORY));
    await push(REPOSITORY);
    expect(rig.clock.sleeps).toEqual([1000]);
  });
});

describe('a pair', () => {
  it('is not begun when one of the two is missing', async () => {
    await rig.emulator.seed({ ...PAIR, fields: ['ACCESS_KEY'] }, freshValues(PAIR));
    expect((await failure(push(PAIR))).code).toBe('NOT_FOUND');
    expect(rig.emulator.effects()).toBe(0);
  });

  it('that was cut in half is INDETERMINATE, and writing it again completes it', async () => {
    await rig.emulator.seed(PAIR, freshValues(PAIR));
    const values = freshValues(PAIR);
    rig.emulator.github.server.onWrite((moment) => {
      if (moment !== 'after') return;
      rig.emulator.github.server.onWrite(undefined);
      void rig.emulator.inject?.({ kind: 'status', status: 403, on: 'write' });
    });
    expect((await failure(push(PAIR, values))).code).toBe('INDETERMINATE');
    expect(await rig.emulator.peek(PAIR)).not.toEqual(values);
    await push(PAIR, values);
    expect(await rig.emulator.peek(PAIR)).toEqual(values);
  });
});

describe('what keyturn never does', () => {
  it('makes no secret where there is none', async () => {
    await rig.emulator.seed({ ...REPOSITORY, fields: ['OTHER'] }, { OTHER: 'x' });
    expect((await failure(push(REPOSITORY))).code).toBe('NOT_FOUND');
    expect(await rig.emulator.peek(REPOSITORY)).toBeUndefined();
  });

  it('says so when somebody deleted the secret between the look and the write', async () => {
    await rig.emulator.seed(REPOSITORY, freshValues(REPOSITORY));
    rig.emulator.github.server.onWrite((moment) => {
      if (moment === 'before')
        rig.emulator.places.find('/repos/acme/shop/actions')?.secrets.delete('API_KEY');
    });
    const { receipt } = await push(REPOSITORY);
    expect(receipt.details).toMatchObject({ madeAnew: ['API_KEY'] });
  });

  it('puts nothing back that it does not know', async () => {
    await rig.emulator.seed(REPOSITORY, freshValues(REPOSITORY));
    const { values } = await push(REPOSITORY);
    const wish = { before: undefined, values: undefined, receipt: undefined, pushed: secretsOf(values) };
    const error = await failure(rig.store.restore(REPOSITORY, wish, rig.ctx));
    expect([error.code, error.hint]).toEqual([
      'REFUSED',
      expect.stringContaining('Write the old key there by hand'),
    ]);
    expect(await rig.emulator.peek(REPOSITORY)).toEqual(values);
  });
});

it('says how long to wait when the hour’s requests are used up', async () => {
  await rig.emulator.seed(REPOSITORY, freshValues(REPOSITORY));
  rig.emulator.github.exhaust();
  const error = await failure(rig.store.read(REPOSITORY, rig.ctx));
  expect([error.code, error.context.retryAfter]).toEqual(['RATE_LIMITED', 90]);
});
