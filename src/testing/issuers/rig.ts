import { randomUUID } from 'node:crypto';
import type { Credential } from '../../core/credential.ts';
import type { ErrorCode } from '../../core/errors/codes.ts';
import { isRotationError, type RotationError } from '../../core/errors/rotation-error.ts';
import type { Operator } from '../../core/operator.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Fault, IssuerEmulator } from '../../core/plugins/emulator.ts';
import type { IssuedKey, Issuer } from '../../core/plugins/issuer.ts';
import type { IssuerPlugin } from '../../core/plugins/plugin.ts';
import { systemClock } from '../../lib/clock.ts';
import { createLeakDetector, type LeakDetector } from '../leaks.ts';
import { openOnEmulator } from '../open-on-emulator.ts';
import { refusalOf } from '../refusal-of.ts';

/** One issuer on one emulator of its own, with an old key made outside keyturn. Everything it throws is searched for plaintext. */
export interface IssuerRig {
  readonly issuer: Issuer;
  readonly emulator: IssuerEmulator;
  readonly leaks: LeakDetector;
  readonly call: CallContext;
  readonly old: IssuedKey;
  /** As the engine gives it: it carries a rotation id. */
  label(): string;
  /** A key made through the issuer. */
  created(label?: string): Promise<IssuedKey>;
  /** A key made outside keyturn. */
  issued(): Promise<IssuedKey>;
  /** Whether the issuer comes to accept a key, or to refuse it: asked again while it spreads, as `propagation` says. */
  comesTo(verdict: 'live' | 'dead', key: IssuedKey): Promise<boolean>;
  /** Breaks every matching request from now on, or the next `times`; resolves when the first was broken. */
  breakWire(fault: Fault): Promise<void>;
  /** The error of a call that must fail with one of the codes. */
  refusal(attempt: Promise<unknown>, ...codes: ErrorCode[]): Promise<RotationError>;
  close(): Promise<void>;
}

export interface RigSettings {
  readonly timeoutMs?: number;
  /** In place of the person the emulator plays. */
  readonly operator?: Operator;
}

/** Delays are counted in requests, so that nobody has to sleep; no emulator needs more than this. */
const MOST_ASKS = 60;

/** Parts that are no secret: shown, journalled, and therefore not searched for. */
const PUBLIC_PARTS = new Set(['publicKey', 'accessKeyId', 'username']);

export async function openRig(plugin: IssuerPlugin, settings: RigSettings = {}): Promise<IssuerRig> {
  const emulator = await (await plugin.emulator())();
  const leaks = createLeakDetector();
  const watched = (key: IssuedKey): IssuedKey => {
    for (const [name, secret] of Object.entries(key.credential)) {
      if (!PUBLIC_PARTS.has(name) && secret.reveal() !== key.id) leaks.watch(secret.reveal());
    }
    return key;
  };
  const issued = async (): Promise<IssuedKey> => watched(await emulator.issue());
  const old = await issued();
  const { timeoutMs, operator = emulator.operator } = settings;
  const issuer = await openOnEmulator(plugin, emulator, {
    leaks,
    clock: systemClock,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(operator === undefined ? {} : { operator }),
  });
  const call: CallContext = { signal: new AbortController().signal };
  const label = (): string => `keyturn-${randomUUID()}`;

  return {
    issuer,
    emulator,
    leaks,
    call,
    old,
    label,
    issued,
    created: async (name = label()) => watched(await issuer.createKey(name, call)),
    comesTo: async (verdict, key) => {
      let inARow = 0;
      for (let asks = 0; asks < MOST_ASKS; asks += 1) {
        const live = await isAccepted(issuer, emulator, key.credential, call);
        inARow = live === (verdict === 'live') ? inARow + 1 : 0;
        if (inARow >= issuer.propagation.confirmations) return true;
      }
      return false;
    },
    breakWire: async (fault) => emulator.inject?.({ times: 100, ...fault }),
    refusal: (attempt, ...codes) => refusalOf(attempt, leaks, codes),
    close: async () => {
      await issuer.close?.();
      await emulator.stop();
    },
  };
}

/** By the issuer's own word where it has one, and always by the emulator's. */
async function isAccepted(
  issuer: Issuer,
  emulator: IssuerEmulator,
  credential: Credential,
  call: CallContext,
): Promise<boolean> {
  const live = await emulator.isLive(credential);
  if (issuer.identify === undefined) return live;
  try {
    await issuer.identify(credential, call);
    return live;
  } catch (error) {
    if (isRotationError(error, 'UNAUTHENTICATED')) return false;
    throw error;
  }
}
