import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import { Secret } from '../../core/secret.ts';
import { emulatedConnection, resolveEmulated } from '../../lib/aws/emulator/connection.ts';
import { makeIdentity } from '../../lib/aws/emulator/identity.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { emulatedKeys } from './emulated-keys.ts';
import { iamService } from './emulated-service.ts';

export interface IamEmulator extends IssuerEmulator {
  readonly server: LoopbackServer;
  readonly userName: string;
  /** IAM actions to refuse. */
  readonly denied: Set<string>;
  /** Turns the user whose keys are rotated into the root user. */
  becomeRoot(): void;
}

export async function startIamEmulator(): Promise<IamEmulator> {
  const keys = emulatedKeys('svc-checkout');
  const admin = makeIdentity('keyturn');
  const denied = new Set<string>();
  let effects = 0;
  const onEffect = (): void => {
    effects += 1;
  };
  const server = await startLoopbackServer(iamService({ keys, admin, denied, onEffect }));

  return {
    server,
    userName: keys.userName,
    denied,
    becomeRoot: () => keys.becomeRoot(),
    options: (original) => ({ ...emulatedConnection(server.url, original), userName: keys.userName }),
    resolve: (reference) => resolveEmulated(admin, reference),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: () => server.stop(),
    issue: async () => {
      const made = keys.make(true);
      if (made === undefined) throw new Error('the emulated user has two keys already');
      const { accessKeyId, secretAccessKey } = made;
      return {
        id: accessKeyId,
        credential: { accessKeyId: new Secret(accessKeyId), secretAccessKey: new Secret(secretAccessKey) },
      };
    },
    isLive: async ({ accessKeyId, secretAccessKey }) => {
      const key = keys.all().find((candidate) => candidate.accessKeyId === accessKeyId?.reveal());
      return key?.active === true && key.secretAccessKey === secretAccessKey?.reveal();
    },
    keys: async () => keys.all().map(({ accessKeyId, active }) => ({ id: accessKeyId, active })),
  };
}
