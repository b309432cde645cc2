import { randomUUID } from 'node:crypto';
import type { Fields } from '../../../src/core/credential.ts';
import type { WriteContext } from '../../../src/core/plugins/store.ts';
import { Secret } from '../../../src/core/secret.ts';

export function writing(signal = new AbortController().signal): WriteContext {
  return { signal, idempotencyToken: randomUUID(), rotationId: 'rot-1' };
}

export function secretsOf(values: Fields<string>): Fields<Secret> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, new Secret(value)]));
}
