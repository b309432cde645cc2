import type { JsonObject } from '../core/json.ts';
import type { NoticeEvent } from '../core/plugins/notifier.ts';

/** What a validated `rotation.config.yaml` (and all it includes) says, with every default filled in. Plain JSON. */
export interface RotationConfig {
  /** Absolute path of the root file. */
  readonly path: string;
  /** The folder relative paths are relative to. */
  readonly baseDir: string;
  /** Absolute path of the folder of journals and locks. */
  readonly stateDir: string;
  readonly sealing: SealingSettings;
  /** In the order in which they are done. */
  readonly waves: readonly string[];
  /** Modules with plug-ins by others: packages, or paths from `path`. */
  readonly plugins: readonly string[];
  readonly stores: Readonly<Record<string, Connection>>;
  readonly keys: Readonly<Record<string, KeyConfig>>;
  readonly services: Readonly<Record<string, ServiceConfig>>;
  readonly notifiers: Readonly<Record<string, NotifierUse>>;
}

/** Who can open what a journal holds sealed. */
export interface SealingSettings {
  /** age recipients (`age1…`) of a team; empty: the identity file alone. */
  readonly recipients: readonly string[];
  /** Reference to an age identity; undefined: the identity file made on first use. */
  readonly identity: string | undefined;
  /** Reference to a passphrase used in place of an identity. */
  readonly passphrase: string | undefined;
}

/** A configured plug-in: what every one has, and its own options. */
export interface PluginUse {
  readonly type: string;
  readonly timeoutMs: number;
  readonly options: JsonObject;
}

export interface Connection extends PluginUse {
  /** Tries of a request that certainly had no effect. */
  readonly attempts: number;
  /** Requests at once. */
  readonly concurrency: number;
  /** Attributes that the store's identity must have before anything is written. */
  readonly expect: Readonly<Record<string, string>>;
}

export interface NotifierUse extends PluginUse {
  readonly on: readonly NoticeEvent[];
}

export interface TargetConfig {
  readonly store: string;
  readonly ref: string;
  /** Field of the slot ('' for the slot as a whole) → part of the credential. */
  readonly fields: Readonly<Record<string, string>>;
  readonly wave: string | undefined;
}

export type DeactivatePolicy = 'ask' | 'now' | 'after-soak' | 'never';

export interface KeyPolicy {
  readonly deactivate: DeactivatePolicy;
  /** Wait between the last wave and the gate. */
  readonly soakMs: number;
  /** After deactivation: checks repeat for `forMs`, every `everyMs`. */
  readonly watch: { readonly forMs: number; readonly everyMs: number };
  /** Wait between the watch and the deletion of the old key. */
  readonly graceMs: number;
  /** Whether the old key is deleted at the end (where the issuer has a delete). */
  readonly delete: boolean;
  /** Blast radius: more than this is refused in preflight. */
  readonly maxTargets: number;
}

export interface KeyConfig {
  readonly issuer: PluginUse;
  /** References to the old key's parts, for when no target can be read. */
  readonly current: Readonly<Record<string, string>> | undefined;
  readonly targets: readonly TargetConfig[];
  readonly policy: KeyPolicy;
}

export interface ServiceConfig {
  readonly owner: string | undefined;
  readonly wave: string;
  readonly uses: readonly { readonly key: string; readonly from: readonly TargetConfig[] }[];
  readonly reload: PluginUse | undefined;
  readonly checks: readonly CheckUse[];
}

export interface CheckUse extends PluginUse {
  /** Shown and used in step ids; `1`, `2` … by default. */
  readonly name: string;
  /** The key it proves, where the service uses several; undefined: any of them. */
  readonly key: string | undefined;
}
