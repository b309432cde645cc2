import type { CheckUse, Connection, KeyPolicy, PluginUse } from '../../config/rotation-config.ts';
import type { Finding } from '../../core/finding.ts';
import type { IssuerCapabilities, Principal } from '../../core/plugins/issuer.ts';
import type { RestoreKind, SlotOffers } from '../../core/plugins/store.ts';

export type RotationMode = 'replace' | 'contain';

export interface PlannedTarget {
  readonly id: string;
  readonly store: string;
  readonly ref: string;
  /** Field → part of the key. */
  readonly parts: Readonly<Record<string, string>>;
  readonly wave: string;
  /** Field → fingerprint now; null where the slot cannot be read. */
  readonly fingerprints: Readonly<Record<string, string>> | null;
  readonly restore: RestoreKind;
  /** As preflight found it; absent before it has looked, and in plans from before slots were asked. */
  readonly offers?: SlotOffers;
}

export interface PlannedService {
  readonly name: string;
  readonly owner: string | null;
  readonly wave: string;
  readonly targets: readonly string[];
  readonly reload: PluginUse | null;
  readonly checks: readonly CheckUse[];
}

/**
 * Everything a rotation needs, frozen when it begins: it goes into the journal whole, so that a resume, days later
 * and elsewhere, finishes what was begun whatever the config says by then. Plain JSON, and no secret in it.
 */
export interface RotationPlan {
  readonly planVersion: 1;
  readonly key: string;
  readonly mode: RotationMode;
  readonly baseDir: string;
  readonly issuer: PluginUse;
  readonly current: Readonly<Record<string, string>> | null;
  readonly policy: KeyPolicy;
  readonly stores: Readonly<Record<string, Connection>>;
  /** Only those that have something in them, in order. */
  readonly waves: readonly string[];
  readonly targets: readonly PlannedTarget[];
  readonly services: readonly PlannedService[];
  /** Pushes at once. */
  readonly concurrency: number;
  /** Public id of the key that is live now, where its issuer has one. */
  readonly oldKeyId: string | null;
  readonly principal: Principal | null;
  /** The step behind which there is no way back; null where there is none. Absent before preflight has looked. */
  readonly pointOfNoReturn?: string | null;
}

/** Who makes the new key, and what becomes of the old one: as this issuer can with these options. */
export interface KeyActs {
  readonly create: IssuerCapabilities['create'];
  /** `none`: nobody but the stores knows the value, and it is forgotten. */
  readonly deactivate: IssuerCapabilities['deactivate'];
  readonly deletes: boolean;
  /** The old key dies when the new one is made. */
  readonly overlap?: false;
}

/** A plan with what preflight saw. Refused when any finding is an error. */
export interface PlanResult {
  readonly plan: RotationPlan;
  readonly acts: KeyActs;
  readonly findings: readonly Finding[];
  /** The step behind which there is no way back; null where there is none. */
  readonly pointOfNoReturn: string | null;
}
