import { RotationError } from '../../../src/core/errors/rotation-error.ts';
import type { Issuer, KeyRecord } from '../../../src/core/plugins/issuer.ts';
import { Secret } from '../../../src/core/secret.ts';

export interface FakeIssuer extends Issuer {
  readonly keys: KeyRecord[];
  /** Id → when it was last used. */
  readonly used: Map<string, string>;
  /** The next create happens, and its answer is lost. */
  loseNextAnswer(): void;
  readonly deleted: string[];
}

/** Keys in a list; each new one is called `new-1`, `new-2` …, with the label it was asked for. */
export function fakeIssuer(): FakeIssuer {
  const keys: KeyRecord[] = [{ id: 'old-id', status: 'active' }];
  const used = new Map<string, string>();
  const deleted: string[] = [];
  let made = 0;
  let lossy = false;
  return {
    keys,
    used,
    deleted,
    loseNextAnswer: () => {
      lossy = true;
    },
    propagation: { confirmations: 3, intervalMs: 1000, deadlineMs: 10_000 },
    preflight: async () => [],
    keyIdOf: () => undefined,
    validate: () => {},
    listKeys: async () => [...keys],
    createKey: async (label) => {
      made += 1;
      const id = `new-${made}`;
      keys.push({ id, status: 'active', label });
      if (lossy) {
        lossy = false;
        throw new RotationError('INDETERMINATE', { subject: 'the issuer' });
      }
      return { id, credential: { value: new Secret(`value of ${id}`) } };
    },
    deleteKey: async ({ id }) => {
      deleted.push(id);
      const at = keys.findIndex((key) => key.id === id);
      if (at >= 0) keys.splice(at, 1);
    },
    lastUsed: async ({ id }) => ({ lastUsedAt: used.get(id) }),
  };
}
