import { expect, it } from 'vitest';
import { addressProblem, apiUrl, isEnterpriseServer, webUrl } from '../../src/lib/github/address.ts';

it.each([
  ['https://github.com', 'https://api.github.com', 'https://github.com', false],
  ['https://api.github.com/', 'https://api.github.com', 'https://github.com', false],
  ['https://acme.ghe.com', 'https://api.acme.ghe.com', 'https://acme.ghe.com', false],
  ['https://api.acme.ghe.com', 'https://api.acme.ghe.com', 'https://acme.ghe.com', false],
  ['https://git.acme.example', 'https://git.acme.example/api/v3', 'https://git.acme.example', true],
  [
    'https://git.acme.example:8443/',
    'https://git.acme.example:8443/api/v3',
    'https://git.acme.example:8443',
    true,
  ],
  ['https://git.acme.example/api/v3/', 'https://git.acme.example/api/v3', 'https://git.acme.example', true],
  ['https://notghe.com', 'https://notghe.com/api/v3', 'https://notghe.com', true],
])('%s is asked at %s and shown at %s', (address, api, web, server) => {
  expect([apiUrl(address), webUrl(address), isEnterpriseServer(address)]).toEqual([api, web, server]);
});

it.each([
  ['https://git.acme.example', undefined],
  ['http://127.0.0.1:8080', undefined],
  ['http://git.acme.example', 'must begin with https:// (http:// only for this machine)'],
  ['git.acme.example', 'must be a URL'],
  ['https://user:word@git.acme.example', 'must not hold a user name or password'],
  ['https://git.acme.example/?x=1', 'must not have a query or fragment'],
])('%s: %s', (address, problem) => {
  expect(addressProblem(address)).toBe(problem);
});
