import { randomUUID } from 'node:crypto';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import type { IssuerEmulator } from '../../src/core/plugins/emulator.ts';
import { Secret } from '../../src/core/secret.ts';
import { emulatedKeys } from '../../src/issuers/aws-iam/emulated-keys.ts';
import { iamService } from '../../src/issuers/aws-iam/emulated-service.ts';
import { emulatedConnection, resolveEmulated } from '../../src/lib/aws/emulator/connection.ts';
import { makeIdentity } from '../../src/lib/aws/emulator/identity.ts';
import { queryError } from '../../src/lib/aws/emulator/query-protocol.ts';
import { signedServiceOf, signingKeyOf } from '../../src/lib/aws/emulator/verify-signature.ts';
import { makeClient } from '../../src/lib/aws/make-client.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  startLoopbackServer,
} from '../../src/lib/emulator/loopback-server.ts';
import { forwardTo } from './forwarding-server.ts';

export interface MotoManners {
  /**
   * moto's STS accepts a key that is inactive, and one that is gone. With this, such a key is refused as AWS refuses it,
   * by what moto's own IAM says of it at that moment.
   */
  readonly refusesDeadKeys?: boolean;
}

/** A user of moto's IAM in the place of our emulator. */
export async function startMotoIssuer(url: string, extra: MotoManners = {}): Promise<IssuerEmulator> {
  const userName = `svc-${randomUUID()}`;
  const identity = makeIdentity('keyturn');
  let effects = 0;
  const manners = iamService({
    keys: emulatedKeys(userName),
    admin: identity,
    denied: new Set(),
    onEffect: () => undefined,
  });
  const refuse = async (request: EmulatedRequest): Promise<EmulatedAnswer | undefined> => {
    const id = signingKeyOf(request);
    if (extra.refusesDeadKeys !== true || signedServiceOf(request) !== 'sts') return undefined;
    if (id === identity.accessKeyId || (await keys()).some((key) => key.id === id && key.active))
      return undefined;
    return queryError(
      'sts',
      403,
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    );
  };
  const server = await startLoopbackServer(
    forwardTo(url, { ...manners, refuse }, () => {
      effects += 1;
    }),
  );
  const settings = { region: 'us-east-1', endpoint: url, credentials: identity };
  const client = makeClient(() => new IAMClient(settings));
  await client.send(new CreateUserCommand({ UserName: userName }));

  const keys = async (): Promise<{ id: string; active: boolean }[]> => {
    const found = await client.send(new ListAccessKeysCommand({ UserName: userName }));
    return (found.AccessKeyMetadata ?? []).map((key) => ({
      id: key.AccessKeyId ?? '',
      active: key.Status === 'Active',
    }));
  };

  return {
    options: (original) => ({ ...emulatedConnection(server.url, original), userName }),
    resolve: (reference) => resolveEmulated(identity, reference),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    keys,
    issue: async () => {
      const { AccessKey: made } = await client.send(new CreateAccessKeyCommand({ UserName: userName }));
      const accessKeyId = new Secret(made?.AccessKeyId ?? '');
      const secretAccessKey = new Secret(made?.SecretAccessKey ?? '');
      return { id: accessKeyId.reveal(), credential: { accessKeyId, secretAccessKey } };
    },
    isLive: async (credential) => {
      const id = credential['accessKeyId']?.reveal();
      return (await keys()).some((key) => key.id === id && key.active);
    },
    stop: async () => {
      client.destroy();
      await server.stop();
    },
  };
}
