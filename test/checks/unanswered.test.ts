import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { unanswered } from '../../src/checks/http/unanswered.ts';
import type { ErrorCode } from '../../src/core/errors/codes.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';

const verdictOn = (reason: string | undefined, url: string, code: ErrorCode = 'UNAVAILABLE') =>
  unanswered(new RotationError(code, { subject: 'shop', ...(reason === undefined ? {} : { reason }) }), url);

describe('a question without an answer', () => {
  it.each([
    ['connect ECONNREFUSED 10.0.0.7:443', 'https://shop.example/me'],
    ['connect ECONNREFUSED 10.0.0.7:80', 'http://10.0.0.7/me'],
    ['connect ECONNREFUSED ::1:8443', 'https://shop.example:8443/{{value}}'],
    ['connect ECONNREFUSED 127.0.0.1:80', 'http://127.0.0.1?key={{value}}'],
    ['connect ECONNREFUSED ::1:443; connect ECONNREFUSED 10.0.0.7:443', 'https://shop.example/me'],
    // A machine without IPv6 asks a service that has both.
    [
      'connect ENETUNREACH ::1:443 - Local (:::0); connect ECONNREFUSED 10.0.0.7:443',
      'https://shop.example/me',
    ],
  ])('fails when the service itself refuses the connection: %s of %s', (reason, url) => {
    expect(verdictOn(reason, url)).toMatchObject({
      verdict: 'fail',
      summary: 'nothing listens at its address',
    });
  });

  it.each([
    // A proxy on the way.
    ['connect ECONNREFUSED 10.0.0.1:3128', 'https://shop.example/me'],
    ['connect ECONNREFUSED 10.0.0.1:443', 'http://shop.example/me'],
    ['getaddrinfo ENOTFOUND shop.example', 'https://shop.example/me'],
    ['self-signed certificate', 'https://shop.example/me'],
  ])('says nothing of the service when the trouble may be ours: %s of %s', (reason, url) => {
    expect(verdictOn(reason, url)).toEqual({
      verdict: 'inconclusive',
      summary: `could not be asked: ${reason}`,
      evidence: { error: 'UNAVAILABLE' },
    });
  });

  it('is told without half of a value that its words have in them', () => {
    const value = new Secret(randomBytes(200).toString('hex')).reveal();
    expect(verdictOn(`no address for ${value}.example`, 'https://shop.example').summary).toBe(
      'could not be asked: no address for [redacted].example',
    );
  });

  it('is told briefly, in the words of the error where it has no reason', () => {
    expect(verdictOn('x'.repeat(1000), 'https://shop.example').summary).toHaveLength(220);
    expect(verdictOn(undefined, 'https://shop.example', 'TIMEOUT').summary).toMatch(
      /^could not be asked: shop /,
    );
  });
});
