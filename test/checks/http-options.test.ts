import { describe, expect, it } from 'vitest';
import { plugin } from '../../src/checks/http/index.ts';
import { problemsOf } from './support/open-check.ts';

const URL = 'https://api.example.com/me';

describe('options of the http check', () => {
  it.each([
    { url: URL },
    { url: 'https://api.example.com' },
    { url: 'https://api.example.com?key={{value}}' },
    { url: 'https://api.example.com:8443/v1/{{accessKeyId}}?q={{value | url}}' },
    { url: 'http://127.0.0.1:8080/healthz' },
    { url: 'http://localhost/healthz' },
    { url: 'http://[::1]:80/' },
    { url: 'http://10.0.0.7/healthz', allowInsecure: true },
    { url: URL, expect: { status: 204 } },
    { url: URL, expect: { status: '4xx' } },
    { url: URL, expect: { status: [200, '3xx'] } },
    { url: URL, expect: { jsonPath: 'a.b', equals: null } },
    { url: URL, headers: { authorization: 'Bearer {{value}}' } },
    {
      url: URL,
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"k":"{{value | json}}"}',
    },
    { url: URL, basicAuth: { username: 'service', password: '{{value}}' } },
    {
      url: URL,
      headersFrom: { authorization: { reference: 'env:T', as: 'Bearer {{value}}' }, 'x-tenant': 'file:t' },
    },
    { url: URL, retries: { attempts: 3, interval: '500ms' } },
  ])('take %j', async (options) => {
    expect(await problemsOf(plugin, options)).toEqual([]);
  });

  it.each([
    ['headers that are no mapping', { url: URL, headers: 7 }, /headers: .*expected record/],
    [
      'a text to look for that is no template',
      { url: URL, expect: { bodyContains: 'key {{value | rot13}}' } },
      /expect\.bodyContains: .*rot13/,
    ],
    [
      'a value to compare with that is no template',
      { url: URL, expect: { jsonPath: 'id', equals: '{{ }}' } },
      /expect\.equals: .*placeholder/,
    ],
    ['a strange header name', { url: URL, headers: { 'a b': 'x' } }, /headers.*is not a header name/],
    ['plain http to another machine', { url: 'http://api.example.com/me' }, /url: must be https/],
    [
      'plain http to a name that only looks local',
      { url: 'http://localhost.evil.example/' },
      /url: must be https/,
    ],
    [
      'plain http to a number that only looks local',
      { url: 'http://127.0.0.1.evil.example/' },
      /url: must be https/,
    ],
    ['a host chosen by the key', { url: 'https://{{value}}/me' }, /scheme, host and port/],
    ['a host continued by the key', { url: 'https://api.example.com{{value}}' }, /scheme, host and port/],
    ['a port chosen by the key', { url: 'https://api.example.com:{{value}}/' }, /scheme, host and port/],
    ['a user name in the URL', { url: 'https://me:pass@api.example.com/' }, /scheme, host and port/],
    [
      'a host behind a backslash',
      { url: 'https://api.example.com\\@evil.example/' },
      /scheme, host and port/,
    ],
    ['another scheme', { url: 'file:///etc/passwd' }, /scheme, host and port/],
    ['a path that reads as a host', { url: 'https://api.example.com//evil.example/' }, /empty first part/],
    ['a fragment', { url: `${URL}#{{value}}` }, /fragment/],
    ['a malformed placeholder', { url: `${URL}?{{value|URL}}` }, /url: filter URL/],
    [
      'a malformed placeholder in a header',
      { url: URL, headers: { 'x-k': '{{ va lue }}' } },
      /headers\.x-k: .*placeholder/,
    ],
    ['a literal secret in a header', { url: URL, headers: { Authorization: 'Bearer abc' } }, /headersFrom/],
    [
      'a literal password',
      { url: URL, basicAuth: { username: 'u', password: 'p' } },
      /must not be a literal/,
    ],
    ['a literal where a reference belongs', { url: URL, headersFrom: { 'x-key': 'abc' } }, /headersFrom/],
    [
      'a header given twice',
      { url: URL, headers: { 'X-A': '1' }, headersFrom: { 'x-a': 'env:A' } },
      /given twice/,
    ],
    ['a header that frames the request', { url: URL, headers: { 'Transfer-Encoding': 'chunked' } }, /frames/],
    ['a header name with a line break', { url: URL, headers: { 'x\r\ny': '1' } }, /header name/],
    ['a body without type', { url: URL, method: 'POST', body: 'x' }, /content-type/],
    [
      'a body with GET',
      { url: URL, headers: { 'content-type': 'text/plain' }, body: 'x' },
      /does not go with GET/,
    ],
    ['an expectation of nothing', { url: URL, expect: { equals: 1 } }, /`jsonPath`, which is missing/],
    ['equals and exists', { url: URL, expect: { jsonPath: 'a', equals: 1, exists: true } }, /not both/],
    ['a path with a wildcard', { url: URL, expect: { jsonPath: 'a[*]' } }, /dotted path/],
    ['an impossible status', { url: URL, expect: { status: 42 } }, /expect\.status/],
    ['no attempt at all', { url: URL, retries: { attempts: 0 } }, /retries\.attempts/],
    ['an interval without unit', { url: URL, retries: { interval: '5' } }, /duration/],
    ['an option of another check', { url: URL, command: ['x'] }, /command/],
  ])('refuse %s', async (_, options, message) => {
    expect((await problemsOf(plugin, options)).join('\n')).toMatch(message);
  });
});
