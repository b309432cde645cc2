import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { Slot } from '../../src/core/plugins/store.ts';
import { failure } from '../support/failure.ts';
import { freshValues, type GithubActionsRig, openGithubActionsRig } from './github-actions-rig.ts';

let rig: GithubActionsRig;
beforeEach(async () => {
  rig = await openGithubActionsRig();
});
afterEach(() => rig.close());

const SLOT: Slot = { ref: 'acme/shop', fields: ['API_KEY'] };

const findings = async (slot: Slot = SLOT, store = rig.store): Promise<readonly Finding[]> =>
  (await store.preflight(slot, rig.ctx)).findings;

describe('what is not there', () => {
  it.each([
    ['acme/none', 'github/acme/none'],
    ['orgs/none', 'github/orgs/none'],
  ])('%s is told once, for the place', async (ref, subject) => {
    expect(await findings({ ref, fields: ['A', 'B'] })).toEqual([
      expect.objectContaining({ severity: 'error', code: 'NOT_FOUND', subject }),
    ]);
  });

  it('is told for each secret', async () => {
    await rig.emulator.seed(SLOT, freshValues(SLOT));
    expect(await findings({ ...SLOT, fields: ['API_KEY', 'NO_SUCH'] })).toEqual([
      expect.objectContaining({ severity: 'error', code: 'NOT_FOUND', subject: 'github/acme/shop#NO_SUCH' }),
    ]);
  });

  it.each([
    'acme',
    'acme/shop/extra',
    'orgs/',
    'acme/..',
    'repo:acme/shop',
    'dependabot:acme/shop/environments/x',
  ])('%s is no place that has secrets', async (ref) => {
    expect(await findings({ ref, fields: ['API_KEY'] })).toEqual([
      expect.objectContaining({ severity: 'error', code: 'CONFIG_INVALID' }),
    ]);
    expect(rig.requests('')).toEqual([]);
  });
});

describe('a variable of the name', () => {
  it.each(['acme/shop', 'acme/shop/environments/production', 'orgs/acme'])(
    'in %s is refused: its value is for everybody to see',
    async (ref) => {
      const slot: Slot = { ref, fields: ['REGION'] };
      await rig.emulator.seed({ ref, fields: ['API_KEY'] }, { API_KEY: 'x' });
      expect(await findings(slot)).toEqual([
        expect.objectContaining({
          severity: 'error',
          code: 'REFUSED',
          message: expect.stringContaining('it is a variable and not a secret'),
        }),
      ]);
    },
  );

  it('that we may not look for is no finding of its own: the secret is missing either way', async () => {
    await rig.emulator.seed(SLOT, freshValues(SLOT));
    rig.emulator.forbidden.add('/repos/acme/shop/actions/variables/NO_SUCH');
    expect(await findings({ ...SLOT, fields: ['NO_SUCH'] })).toEqual([
      expect.objectContaining({ severity: 'error', code: 'NOT_FOUND' }),
    ]);
  });
});

describe('what would refuse a write', () => {
  it('an archived repository', async () => {
    await rig.emulator.seed(SLOT, freshValues(SLOT));
    rig.emulator.archived.add('/repos/acme/shop');
    expect(await findings()).toEqual([expect.objectContaining({ severity: 'error', code: 'REFUSED' })]);
  });

  it.each([
    ['acme/shop', 'workflow', 'repo'],
    ['orgs/acme', 'repo', 'admin:org'],
  ])('in %s a classic token with %s alone lacks %s', async (ref, scopes, missing) => {
    await rig.emulator.seed({ ...SLOT, ref }, freshValues(SLOT));
    rig.emulator.github.scopes = scopes;
    expect(await findings({ ...SLOT, ref })).toEqual([
      expect.objectContaining({
        code: 'PERMISSION_DENIED',
        message: expect.stringContaining(`\`${missing}\``),
      }),
    ]);
  });

  it('a fine-grained token does not tell its permissions', async () => {
    await rig.emulator.seed(SLOT, freshValues(SLOT));
    rig.emulator.github.scopes = undefined;
    expect(await findings()).toEqual([]);
  });

  it.each([
    ['acme/shop', 'secrets'],
    ['acme/shop/environments/production', 'environments'],
    ['orgs/acme', 'organization_secrets'],
    ['dependabot:orgs/acme', 'organization_dependabot_secrets'],
    ['codespaces:acme/shop', 'codespaces_secrets'],
  ])('in %s an App needs %s: write', async (ref, permission) => {
    await rig.emulator.seed({ ...SLOT, ref }, freshValues(SLOT));
    const app = await rig.open({ auth: { method: 'app' } });
    expect(await findings({ ...SLOT, ref }, app)).toEqual([]);
    rig.emulator.github.app.grant({ [permission]: 'read' });
    const other = await rig.open({ auth: { method: 'app' } });
    expect(await findings({ ...SLOT, ref }, other)).toEqual([
      expect.objectContaining({
        code: 'PERMISSION_DENIED',
        message: expect.stringContaining(`\`${permission}: write\``),
      }),
    ]);
  });

  it('is told by GitHub for a place we may not look at', async () => {
    await rig.emulator.seed(SLOT, freshValues(SLOT));
    void rig.emulator.inject?.({ kind: 'status', status: 403, on: 'read' });
    expect((await findings()).map(({ code }) => code)).toEqual(['PERMISSION_DENIED']);
  });

  it('a busy GitHub is not a finding but asked again by whoever is around us', async () => {
    await rig.emulator.seed(SLOT, freshValues(SLOT));
    void rig.emulator.inject?.({ kind: 'status', status: 429, retryAfter: 3, on: 'read' });
    expect((await failure(findings())).code).toBe('RATE_LIMITED');
  });
});

it('tells which secrets of the same name come before it, or behind', async () => {
  await rig.emulator.seed(SLOT, freshValues(SLOT));
  await rig.emulator.seed({ ...SLOT, ref: 'orgs/acme' }, freshValues(SLOT));
  await rig.emulator.seed({ ...SLOT, ref: 'acme/shop/environments/prod/eu' }, freshValues(SLOT));
  await rig.emulator.seed({ ref: 'acme/shop/environments/test', fields: ['OTHER'] }, { OTHER: 'x' });
  const found = await findings();
  expect(found.every(({ severity }) => severity === 'info')).toBe(true);
  expect(found.map(({ message }) => message)).toEqual([
    expect.stringContaining('the organisation has a secret of this name too'),
    expect.stringContaining('the environment prod/eu has a secret of this name'),
  ]);
});

it('needs no permission for that: what it may not see, it does not tell', async () => {
  await rig.emulator.seed(SLOT, freshValues(SLOT));
  rig.emulator.forbidden.add('/repos/acme/shop/actions/organization-secrets');
  rig.emulator.forbidden.add('/repos/acme/shop/environments');
  expect(await findings()).toEqual([]);
});

it('asks no preview environment of many', async () => {
  await rig.emulator.seed(SLOT, freshValues(SLOT));
  for (let pull = 0; pull < 31; pull += 1) {
    await rig.emulator.seed({ ...SLOT, ref: `acme/shop/environments/pr-${pull}` }, freshValues(SLOT));
  }
  expect(await findings()).toEqual([]);
  expect(rig.requests('GET /repos/acme/shop/environments/')).toEqual([]);
});
