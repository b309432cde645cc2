import type { PluginCatalog } from '../config/plugin-catalog.ts';
import type { RotationConfig } from '../config/rotation-config.ts';
import type { Clock } from '../core/clock.ts';
import type { Operator } from '../core/operator.ts';
import type { Secret } from '../core/secret.ts';
import type { Interruption, Probe } from '../engine/driver.ts';
import type { RotationStorage } from '../engine/storage.ts';

/** Everything a use case works with; made by the composition root, or by a test or a rehearsal in its place. */
export interface Runtime {
  readonly config: RotationConfig;
  readonly storage: RotationStorage;
  readonly catalog: PluginCatalog;
  readonly clock: Clock;
  readonly resolve: (reference: string) => Promise<Secret>;
  readonly redact: (text: string) => string;
  readonly operator: Operator;
  readonly interruption: Interruption;
  /** Signs receipts. */
  readonly sign: (text: string) => Promise<ReceiptSignature>;
  readonly probe?: Probe;
}

export interface ReceiptSignature {
  readonly algorithm: 'ed25519';
  /** SPKI, base64. */
  readonly publicKey: string;
  /** Over the receipt's JSON without its `signature`; base64. */
  readonly value: string;
}
