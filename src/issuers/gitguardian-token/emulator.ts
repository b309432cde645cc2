import { randomUUID } from 'node:crypto';
import { VALUE_PART } from '../../core/credential.ts';
import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import type { IssuedKey } from '../../core/plugins/issuer.ts';
import { Secret } from '../../core/secret.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { gitguardianService } from './emulated-routes.ts';
import { createEmulatedTokens, type EmulatedToken, type EmulatedTokens } from './emulated-tokens.ts';
import { ID_PART } from './key-format.ts';
import { optionsSchema } from './options.ts';

const MANAGER = 'env:GITGUARDIAN_EMULATOR_MANAGER';

/** A workspace on this machine, and the hands of its administrator. */
export interface GitguardianEmulator extends IssuerEmulator {
  readonly server: LoopbackServer;
  readonly tokens: EmulatedTokens;
  /** The token that makes and revokes the others. */
  readonly manager: EmulatedToken;
}

export async function startGitguardianEmulator(): Promise<GitguardianEmulator> {
  const tokens = createEmulatedTokens();
  const manager = tokens.make({
    name: 'rotation robot',
    type: 'service_account',
    memberId: null,
    scopes: ['scan', 'incidents:write', 'api_tokens:write'],
  });
  let scopes: readonly string[] = ['scan'];
  let effects = 0;
  const server = await startLoopbackServer(
    gitguardianService(tokens, () => {
      effects += 1;
    }),
  );

  return {
    server,
    tokens,
    manager,
    options: (original = {}) => {
      const theirs = optionsSchema.safeParse({ ...original, manager: MANAGER });
      scopes = theirs.data?.scopes ?? scopes;
      // Whoever rehearses has given `manager` what it needs: what it lacks shows in the real preflight.
      manager.scopes = [...new Set([...manager.scopes, ...scopes])];
      const lifetimeDays = theirs.data?.lifetimeDays ?? 365;
      return { manager: MANAGER, scopes: [...scopes], lifetimeDays, baseUrl: `${server.url}/v1` };
    },
    resolve: (reference) => (reference === MANAGER ? manager.value : undefined),
    inject: server.inject,
    effects: () => effects,
    stop: server.stop,
    issue: async (): Promise<IssuedKey> => {
      const { type, memberId } = manager;
      const { id, value } = tokens.make({ name: `old ${randomUUID()}`, type, memberId, scopes });
      return { id, credential: { [ID_PART]: new Secret(id), [VALUE_PART]: new Secret(value) } };
    },
    isLive: async (credential) => tokens.accepts(credential[VALUE_PART]?.reveal() ?? '') !== undefined,
    keys: async () =>
      tokens
        .all()
        .filter((token) => token !== manager)
        .map(({ id, status }) => ({ id, active: status === 'active' })),
  };
}
