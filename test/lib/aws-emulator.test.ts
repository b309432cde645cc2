import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { answerSimulation } from '../../src/lib/aws/emulator/identity-services.ts';
import { queryAnswer, queryError, queryParameters } from '../../src/lib/aws/emulator/query-protocol.ts';
import { isSignedWith, signedServiceOf, signingKeyOf } from '../../src/lib/aws/emulator/verify-signature.ts';
import type { EmulatedRequest } from '../../src/lib/emulator/loopback-server.ts';

describe('the emulated AWS', () => {
  const request = (headers: Record<string, string>, body = ''): EmulatedRequest => ({
    method: 'POST',
    url: '/',
    path: '/',
    query: new URLSearchParams(),
    headers,
    body,
  });

  it('takes forms for queries, and nothing else', () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    expect(queryParameters(request(form, 'Action=A'))?.get('Action')).toBe('A');
    expect(queryParameters(request({ 'content-type': 'application/json' }, '{}'))).toBeUndefined();
    expect(queryParameters(request({}, 'Action=A'))).toBeUndefined();
  });

  it('leaves out what is not there, and escapes what is', () => {
    const { body } = queryAnswer('iam', 'Get', { A: undefined, B: '<&>', C: ['1', '2'] });
    expect(body).toContain(
      '<GetResult><B>&lt;&amp;&gt;</B><C><member>1</member><member>2</member></C></GetResult>',
    );
    expect(queryError('s3', 500, 'X', 'y').body).toMatch(/xmlns="".*<Type>Receiver<\/Type>/s);
  });

  it('simulates for any resource where none is named', () => {
    const { body } = answerSimulation(new URLSearchParams({ 'ActionNames.member.1': 'a' }), new Set());
    expect(body).toContain('<EvalResourceName>*</EvalResourceName>');
  });

  it('believes no signature that is missing, foreign or of other headers', () => {
    const secret = randomBytes(12).toString('hex');
    const signature = '0'.repeat(64);
    const signed = (names: string) =>
      request({
        authorization: `AWS4-HMAC-SHA256 Credential=ID/20310101/eu-central-1/iam/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
      });
    expect([signingKeyOf(signed('host')), signedServiceOf(signed('host'))]).toEqual(['ID', 'iam']);
    expect(isSignedWith(signed('host;x-amz-date'), secret)).toBe(false);
    for (const unsigned of [request({}), request({ authorization: 'Bearer x' })]) {
      expect(signingKeyOf(unsigned)).toBeUndefined();
      expect(signedServiceOf(unsigned)).toBeUndefined();
      expect(isSignedWith(unsigned, secret)).toBe(false);
    }
  });
});
