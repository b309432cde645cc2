import { ACCOUNT, type EmulatedIdentity, makeIdentity } from '../../lib/aws/emulator/identity.ts';
import { KEYS_PER_USER } from './access-key.ts';

/** Requests with a key that are answered as before a change, while the change spreads. */
const LAG = 2;

export interface EmulatedKey extends EmulatedIdentity {
  active: boolean;
  readonly createdAt: string;
  lastUsed?: { at: string; service: string };
  /** Counted in requests and not in time, so that no test has to wait. */
  lag?: { requests: number; accepted: boolean };
}

/** The access keys of one user, with the delay IAM has. */
export interface EmulatedKeys {
  readonly userName: string;
  all(): readonly EmulatedKey[];
  /** From now on the keys act as the root user of the account. */
  becomeRoot(): void;
  /** Undefined when the user is at the quota. */
  make(settled: boolean): EmulatedKey | undefined;
  /** False when there is no such key. */
  setActive(id: string, active: boolean): boolean;
  remove(id: string): boolean;
  /** The key, when IAM would accept it in this request; counts the request. */
  accept(id: string): EmulatedKey | undefined;
}

export function emulatedKeys(userName: string): EmulatedKeys {
  const { arn, userId } = makeIdentity(userName, '/services/');
  const keys = new Map<string, EmulatedKey>();
  /** Deleted, but not everywhere yet. */
  const fading = new Map<string, EmulatedKey>();

  return {
    userName,
    all: () => [...keys.values()],
    becomeRoot: () => {
      const root = { arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT };
      for (const [id, key] of keys) keys.set(id, { ...key, ...root });
    },
    make: (settled) => {
      if (keys.size >= KEYS_PER_USER) return undefined;
      const { accessKeyId, secretAccessKey } = makeIdentity(userName);
      const key: EmulatedKey = {
        arn,
        userId,
        accessKeyId,
        secretAccessKey,
        active: true,
        createdAt: new Date().toISOString(),
      };
      if (!settled) key.lag = { requests: LAG, accepted: false };
      keys.set(accessKeyId, key);
      return key;
    },
    setActive: (id, active) => {
      const key = keys.get(id);
      if (key === undefined) return false;
      if (key.active !== active) key.lag = { requests: LAG, accepted: key.active };
      key.active = active;
      return true;
    },
    remove: (id) => {
      const key = keys.get(id);
      if (key === undefined) return false;
      keys.delete(id);
      fading.set(id, { ...key, lag: { requests: LAG, accepted: key.active }, active: false });
      return true;
    },
    accept: (id) => {
      const key = keys.get(id) ?? fading.get(id);
      if (key === undefined) return undefined;
      return takeTurn(key) ? key : undefined;
    },
  };
}

function takeTurn(key: EmulatedKey): boolean {
  if (key.lag === undefined || key.lag.requests === 0) return key.active;
  key.lag.requests -= 1;
  return key.lag.accepted;
}
