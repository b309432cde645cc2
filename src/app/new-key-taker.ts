import type { PluginCatalog } from '../config/plugin-catalog.ts';
import type { PluginUse, RotationConfig } from '../config/rotation-config.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { RotationStorage } from '../engine/storage.ts';
import { CREATE_KEY } from '../steps/material.ts';
import type { RotationPlan } from './plan/rotation-plan.ts';
import { readState } from './rotations.ts';

/** What a new key that a person brings (`--new-key-stdin`) is brought to. */
export interface NewKeyTaker {
  /** Undefined for a key that is not in the config, which is told elsewhere. */
  readonly issuer: PluginUse | undefined;
  /** A key that was taken before is not replaced. */
  readonly hasNewKey: boolean;
}

export function takerOfKey(config: RotationConfig, key: string): NewKeyTaker {
  return { issuer: config.keys[key]?.issuer, hasNewKey: false };
}

/** @throws RotationError NOT_FOUND, REFUSED (damaged) */
export async function takerOfRotation(storage: RotationStorage, rotationId: string): Promise<NewKeyTaker> {
  const { plan, steps } = await readState(storage, rotationId);
  const { issuer } = plan as unknown as RotationPlan;
  return { issuer, hasNewKey: steps.get(CREATE_KEY)?.status === 'done' };
}

/** @throws RotationError CONFIG_INVALID where the issuer makes its keys itself: the key would go nowhere */
export async function assertTakesNewKey(catalog: PluginCatalog, { issuer }: NewKeyTaker): Promise<void> {
  if (issuer === undefined) return;
  const plugin = await catalog.issuers[issuer.type]?.();
  if (plugin === undefined || plugin.capabilities.create === 'assisted') return;
  throw new RotationError('CONFIG_INVALID', {
    subject: '--new-key-stdin',
    reason: `issuer ${issuer.type} makes the new key itself, so the one on stdin would not be used`,
    hint: 'Nothing was touched. Leave the flag out; it is for issuers whose keys a person makes, such as `postman`.',
  });
}
