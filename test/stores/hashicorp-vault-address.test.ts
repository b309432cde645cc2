import { expect, it } from 'vitest';
import { optionsSchema as issuerSchema } from '../../src/issuers/vault-approle/options.ts';
import { optionsSchema } from '../../src/stores/hashicorp-vault/options.ts';

const auth = { method: 'token', token: 'env:VAULT_TOKEN' };
const problem = (address: string): string | undefined =>
  optionsSchema.safeParse({ address, auth }).error?.issues[0]?.message;

it.each([
  'https://vault.example.com:8200',
  'https://gateway.example.com/vault/',
  'http://127.0.0.1:8200',
  'http://localhost:8200',
  'http://[::1]:8200',
])('token and key travel to %s', (address) => {
  expect(problem(address)).toBeUndefined();
});

it.each(['http://vault.example.com:8200', 'http://10.0.0.7:8200'])(
  'they do not travel to %s, where they could be read on the way',
  (address) => {
    expect(problem(address)).toContain('must be https');
    expect(problem(address)).toContain('allowInsecure: true');
    expect(optionsSchema.safeParse({ address, auth, allowInsecure: true }).success).toBe(true);
    const { error } = issuerSchema.safeParse({ address, auth, role: 'ci' });
    expect(error?.issues.map(({ path }) => path.join('.'))).toContain('address');
  },
);

it.each([
  'https://me:pw@vault.example.com',
  'https://vault.example.com/?ns=a',
  'https://vault.example.com/#a',
])('%s is more than an address: it would be shown, or lost', (address) => {
  expect(problem(address)).toMatch(
    /takes no user name, query or fragment|without user name|must not have a fragment/,
  );
});

it.each(['vault.example.com', 'ftp://vault.example.com', ''])('%j is none', (address) => {
  expect(problem(address)).toContain('https://vault.example.com:8200');
});
