import { expect } from 'vitest';
import type { KillableRotation } from '../../support/killable-rotation.ts';
import { holdings } from '../../support/world.ts';

export const DOTENV = 'push:dotenv/shop/.env#ACCESS_ID,ACCESS_SECRET';
export const VAULT = 'push:hashicorp-vault/secret/apps/ci#ACCESS_ID,ACCESS_SECRET';

/** Seen from outside: the new key everywhere and nowhere another, and no key at the issuer but this one. */
export async function expectRotated(rotation: KillableRotation): Promise<void> {
  expect(await holdings(rotation.world)).toEqual(['new', 'new']);
  const held = await heldKeys(rotation);
  expect(held).toHaveLength(1);
  expect(await rotation.world.issuer.keys()).toEqual([{ id: held[0], active: true }]);
}

/** Seen from outside: the old key everywhere, live, and no other at the issuer. */
export async function expectAsBefore(rotation: KillableRotation): Promise<void> {
  expect(await holdings(rotation.world)).toEqual(['old', 'old']);
  expect(await rotation.world.issuer.keys()).toEqual([{ id: rotation.world.oldKey.id, active: true }]);
}

async function heldKeys({ world }: KillableRotation): Promise<string[]> {
  const held = await Promise.all(
    world.targets.map(async (target) => {
      const field = Object.entries(target.parts).find(([, part]) => part === 'accessKeyId')?.[0];
      // A slot of one value holds the other half.
      return field === undefined ? [] : [(await world.peek(target))?.[field] ?? ''];
    }),
  );
  return [...new Set(held.flat())];
}
