import type { Credential } from '../credential.ts';
import type { Finding } from '../finding.ts';
import type { JsonObject } from '../json.ts';
import type { CallContext } from './contexts.ts';

/** Names a key at its issuer without its secret: an access key id, the public half of a token. */
export interface KeyRef {
  readonly id: string;
}

/** A key that is to end. */
export interface EndingKey extends KeyRef {
  /** Opens its material, for issuers that know a key by nothing else; absent where only its id is known. */
  readonly material?: () => Promise<Credential>;
}

/** Who a key acts as. Old and new key must agree on `id`. */
export interface Principal {
  readonly id: string;
  readonly display: string;
  /** What is shown and journalled beside it (account, team); never a secret. */
  readonly details?: JsonObject;
}

export interface KeyRecord extends KeyRef {
  readonly status: 'active' | 'inactive';
  /** ISO 8601. */
  readonly createdAt?: string;
  readonly label?: string;
}

export interface IssuedKey extends KeyRef {
  readonly credential: Credential;
}

export interface Usage {
  /** ISO 8601; undefined when the issuer says the key was never used. */
  readonly lastUsedAt: string | undefined;
  /** What was seen, where the issuer knows the present alone and cannot say `never`: `no session is open`. */
  readonly observed?: string;
  readonly details?: JsonObject;
}

/** What is known of the key that a new one takes the place of. */
export interface ReplacedKey extends KeyRef {
  /** Undefined where the issuer could not tell: a key that is dead, or an issuer that cannot. */
  readonly principal?: Principal;
}

/** Handed to `createKey`. */
export interface CreateContext extends CallContext {
  /** For issuers that take the new key from a person, who can still be told that it is the wrong one. */
  readonly replaces?: ReplacedKey;
}

export interface IssuerCapabilities {
  /** `local`: the tool makes the value itself. `assisted`: a person does, in a web page. */
  readonly create: 'api' | 'assisted' | 'local';
  /** `none`: there is nothing to switch off; the old value is dead once nothing holds it. */
  readonly deactivate: 'api' | 'assisted' | 'none';
  /** A deactivated key can be activated again. */
  readonly reversible: boolean;
  /** A separate, final delete exists beside deactivate. */
  readonly delete: boolean;
  /** `identify` can tell who a key acts as, and that it is dead. */
  readonly identify: boolean;
  /** The issuer tells when a key was last used. */
  readonly usage: boolean;
  /** `false`: a new key kills the old one at once, so that services fail until they have it, and nothing goes back. */
  readonly overlap?: false;
  /** How many keys a principal may have, inactive ones included. */
  readonly maxKeys: number | undefined;
  /** Names of the parts of its credential. */
  readonly parts: readonly string[];
}

/** How long this issuer takes until everybody has heard of a change. */
export interface Propagation {
  /** Answers in a row that must agree. */
  readonly confirmations: number;
  readonly intervalMs: number;
  readonly deadlineMs: number;
}

export interface Issuer {
  readonly propagation: Propagation;
  /** As the capability; an issuer whose options decide says so here. */
  readonly overlap?: false;
  /** Reports what would stop create, deactivate or delete: quota, permissions, format of the old key. Changes nothing. */
  preflight(oldKey: Credential, ctx: CallContext): Promise<readonly Finding[]>;
  /** The public id of a key, from its material alone; undefined when it does not tell. */
  keyIdOf(key: Credential): string | undefined;
  /**
   * Refuses material that cannot be a key of this issuer (format, white space), before any network.
   * @throws RotationError REFUSED
   */
  validate(key: Credential): void;
  /** @throws RotationError UNAUTHENTICATED when the key is dead (or not known yet). */
  identify?(key: Credential, ctx: CallContext): Promise<Principal>;
  /** Every key of the principal, to the last page. */
  listKeys?(ctx: CallContext): Promise<readonly KeyRecord[]>;
  /** `label` carries the rotation id: how an orphan is found again. @throws INDETERMINATE, LIMIT_REACHED, AwaitSignal */
  createKey(label: string, ctx: CreateContext): Promise<IssuedKey>;
  /** Already inactive is success. @throws AwaitSignal for assisted issuers when nobody is there. */
  deactivateKey?(ref: EndingKey, ctx: CallContext): Promise<void>;
  activateKey?(ref: KeyRef, ctx: CallContext): Promise<void>;
  /** An absent key is success. */
  deleteKey?(ref: KeyRef, ctx: CallContext): Promise<void>;
  /** Asks without using the key. `principal` is what `identify` said of it, where the id does not name it to the issuer. */
  lastUsed?(ref: ReplacedKey, ctx: CallContext): Promise<Usage>;
  close?(): Promise<void>;
}
