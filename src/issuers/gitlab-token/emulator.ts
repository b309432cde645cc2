import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import { Secret } from '../../core/secret.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { EMULATED_TOKEN } from '../../lib/gitlab/emulator/answers.ts';
import { tokenService } from './emulated-routes.ts';
import {
  createEmulatedTokens,
  type EmulatedToken,
  type EmulatedTokens,
  isActive,
} from './emulated-tokens.ts';
import { isOwner } from './owner.ts';

/** A GitLab on this machine, and the hands of its users. */
export interface GitlabTokenEmulator extends IssuerEmulator {
  readonly server: LoopbackServer;
  readonly tokens: EmulatedTokens;
  /** keyturn's own. */
  readonly own: EmulatedToken;
  owner(): string;
  /** keyturn's user loses the role that it needs. */
  demote(): void;
}

const ADMINISTRATOR = 'users/1';
const SCOPES = ['read_api', 'read_repository'];
const LIFE_DAYS = 90;
const LONGEST_DAYS = 365;
const DAY_MS = 86_400_000;

export async function startGitlabTokenEmulator(): Promise<GitlabTokenEmulator> {
  const tokens = createEmulatedTokens();
  const own = tokens.make({
    name: 'keyturn',
    scopes: ['api'],
    owner: ADMINISTRATOR,
    accessLevel: undefined,
    expiresAt: null,
  });
  let owner = 'projects/acme/shop';
  let effects = 0;
  let mayManage = true;
  const server = await startLoopbackServer(
    tokenService({
      tokens,
      owner: () => owner,
      longestDays: LONGEST_DAYS,
      mayManage: () => mayManage,
      changed: () => {
        effects += 1;
      },
    }),
  );

  return {
    server,
    tokens,
    own,
    owner: () => owner,
    demote: () => {
      mayManage = false;
    },
    options: (original = {}) => {
      const theirs = original['of'];
      owner = typeof theirs === 'string' && isOwner(theirs) ? theirs : owner;
      const { ca: _ca, ...kept } = original;
      // Old tokens are not always known to who asks for a new one.
      return {
        scopes: SCOPES,
        ...(owner.startsWith('users/') ? {} : { accessLevel: 'developer' }),
        ...kept,
        of: owner,
        address: server.url,
        token: EMULATED_TOKEN,
      };
    },
    resolve: (reference) => (reference === EMULATED_TOKEN ? own.value : undefined),
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: server.stop,
    issue: async () => {
      const { id, value } = tokens.make({
        name: 'of the platform team',
        scopes: SCOPES,
        owner,
        accessLevel: owner.startsWith('users/') ? undefined : 30,
        expiresAt: new Date(Date.now() + LIFE_DAYS * DAY_MS).toISOString().slice(0, 10),
      });
      return { id: String(id), credential: { value: new Secret(value) } };
    },
    isLive: async ({ value }) => tokens.accept(value?.reveal()) !== undefined,
    keys: async () =>
      tokens
        .all()
        .filter((token) => token.owner === owner && token !== own)
        .map((token) => ({ id: String(token.id), active: isActive(token) })),
  };
}
