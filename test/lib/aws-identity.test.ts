import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { callerIdentity } from '../../src/lib/aws/caller-identity.ts';
import { awsClientConfig } from '../../src/lib/aws/client-config.ts';
import { makeIdentity } from '../../src/lib/aws/emulator/identity.ts';
import { answerCallerIdentity } from '../../src/lib/aws/emulator/identity-services.ts';
import { queryAnswer, queryError, type Xml } from '../../src/lib/aws/emulator/query-protocol.ts';
import { simulatePolicy } from '../../src/lib/aws/simulate-policy.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  type LoopbackServer,
  startLoopbackServer,
} from '../../src/lib/emulator/loopback-server.ts';

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const identity = makeIdentity('robot');
const context = {
  timeoutMs: 2000,
  resolve: async (reference: string) => new Secret(`value of ${reference}`),
};
const call = { subject: 'aws-prod', timeoutMs: 2000, signal: new AbortController().signal };

/** A region of AWS that answers as told. */
async function awsThat(handle: (request: EmulatedRequest) => EmulatedAnswer) {
  server = await startLoopbackServer({ isWrite: () => false, handle });
  const connection = {
    region: 'eu-central-1',
    endpoint: server.url,
    accessKeyId: 'env:ID',
    secretAccessKey: 'env:SECRET',
  };
  return awsClientConfig(connection, 'sts', context);
}

describe('who a credential belongs to', () => {
  it('is told with account, name and a stable id', async () => {
    const config = await awsThat(() => answerCallerIdentity(identity));
    expect(await callerIdentity(config, call)).toEqual({
      account: '123456789012',
      arn: identity.arn,
      userId: identity.userId,
    });
  });

  it.each(['Arn', 'UserId', 'Account'])('is nobody when an answer lacks %s', async (missing) => {
    const all = { Arn: identity.arn, UserId: identity.userId, Account: '123456789012' };
    const config = await awsThat(() =>
      queryAnswer('sts', 'GetCallerIdentity', { ...all, [missing]: undefined }),
    );
    await expect(callerIdentity(config, call)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('names nobody'),
    });
  });

  it('is not what a page without a request id says', async () => {
    const config = await awsThat(() => ({ status: 200, body: '<html>Log in</html>' }));
    await expect(callerIdentity(config, call)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('status 200, no content type, no request id'),
    });
  });
});

describe('what the policies of a caller allow', () => {
  const question = {
    callerArn: identity.arn,
    actions: ['iam:CreateAccessKey', 'iam:DeleteAccessKey'],
    resource: '*',
  };
  const simulated = async (answer: () => EmulatedAnswer, signal = call.signal) =>
    simulatePolicy(await awsThat(answer), question, { ...call, signal });
  const results = (decisions: Readonly<Record<string, string>>): Xml => ({
    EvaluationResults: Object.entries(decisions).map(([action, decision]) => ({
      EvalActionName: action,
      EvalResourceName: '*',
      EvalDecision: decision,
    })),
  });

  it('is told action by action, and who denies it', async () => {
    expect(
      await simulated(() =>
        queryAnswer(
          'iam',
          'SimulatePrincipalPolicy',
          results({ 'iam:DeleteAccessKey': 'explicitDeny', 'iam:CreateAccessKey': 'implicitDeny' }),
        ),
      ),
    ).toEqual({
      known: true,
      denied: [
        { action: 'iam:CreateAccessKey', explicit: false },
        { action: 'iam:DeleteAccessKey', explicit: true },
      ],
    });
  });

  it.each([
    ['nothing', {}],
    ['one action of two', results({ 'iam:CreateAccessKey': 'allowed' })],
    ['other actions', results({ 'iam:CreateAccessKey': 'allowed', 'iam:ListAccessKeys': 'allowed' })],
  ])('is not known from an answer about %s', async (_what, result) => {
    expect(await simulated(() => queryAnswer('iam', 'SimulatePrincipalPolicy', result))).toEqual({
      known: false,
      reason: 'IAM gave no verdict',
    });
  });

  it('is not known where IAM does not say, and that stops nobody', async () => {
    expect(await simulated(() => queryError('iam', 403, 'AccessDenied', 'not authorized'))).toEqual({
      known: false,
      reason: 'AccessDenied: not authorized (status 403)',
    });
    await expect(simulated(() => ({ status: 500 }), AbortSignal.abort())).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});
