import { afterEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { type AwsConnection, awsClientConfig } from '../../src/lib/aws/client-config.ts';
import { makeClient } from '../../src/lib/aws/make-client.ts';

const context = {
  timeoutMs: 2000,
  resolve: async (reference: string) => new Secret(`value of ${reference}`),
};
afterEach(() => vi.unstubAllEnvs());

describe('what a client is made with', () => {
  const made = (connection: AwsConnection) => awsClientConfig(connection, 'iam', context);

  it('is left to the SDK where nothing is said, and never its retries', () => {
    const { requestHandler: _handler, ...rest } = made({});
    expect(rest).toEqual({ maxAttempts: 1, retryMode: 'standard' });
  });

  it('is the profile, or the key pair with its session, never both', async () => {
    expect(made({ profile: 'prod' })).toMatchObject({ profile: 'prod' });
    expect(made({ profile: 'prod' })).not.toHaveProperty('credentials');
    const pair = { accessKeyId: 'env:ID', secretAccessKey: 'env:SECRET' };
    expect(await made(pair).credentials?.()).toEqual({
      accessKeyId: 'value of env:ID',
      secretAccessKey: 'value of env:SECRET',
    });
    expect(await made({ ...pair, sessionToken: 'env:TOKEN' }).credentials?.()).toMatchObject({
      sessionToken: 'value of env:TOKEN',
    });
    expect(made({ accessKeyId: 'env:ID' })).not.toHaveProperty('credentials');
  });

  it('is the address of the one service, else the one of all', () => {
    const endpoint = 'https://gateway.example.com';
    const iam = 'https://iam.example.com';
    expect(made({ endpoint })).toMatchObject({ endpoint });
    expect(made({ endpoint, endpoints: { iam } })).toMatchObject({ endpoint: iam });
    expect(made({ endpoint, endpoints: { sts: iam } })).toMatchObject({ endpoint });
  });

  it.each([undefined, 'false'])('leaves the environment as it was (%s)', (before) => {
    const name = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
    vi.stubEnv(name, before);
    let during: string | undefined;
    makeClient(() => {
      during = process.env[name];
      return { middlewareStack: { add: () => {} } };
    });
    expect([during, process.env[name]]).toEqual(['true', before]);
  });
});
