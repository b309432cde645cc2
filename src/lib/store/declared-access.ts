import type { Fields } from '../../core/credential.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Slot, StoredSecret, StoreIdentity, Version, WriteContext } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { reported } from './reported.ts';

/** What was read; of a system that shows no values, what it tells of them. */
export interface DeclaredSecret extends StoredSecret {
  /** Fields of which the system says that they are not there. */
  readonly absent?: readonly string[];
}

/** What the config says of a store that is described there, whatever it is asked through. */
export interface DeclaredAccess {
  /** Undefined when the slot does not exist; `version` only where the system tells. */
  read(slot: Slot, call: CallContext): Promise<DeclaredSecret | undefined>;
  /** Gives the version it made, where the system tells. */
  write(
    slot: Slot,
    values: Fields<Secret>,
    expected: Version | undefined,
    call: WriteContext,
  ): Promise<Version | undefined>;
  /** Brings `before` back by the system's own means, while `expected` is live; absent where it has none. */
  readonly restore?: (
    slot: Slot,
    versions: { readonly before: Version; readonly expected: Version },
    call: WriteContext,
  ) => Promise<void>;
  whoami(call: CallContext): Promise<StoreIdentity>;
  /** What would stop a write, besides what a read tells. */
  readonly findings?: (slot: Slot, call: CallContext) => Promise<Finding[]>;
  /** Whether the system itself refuses a write to this slot that is based on an old version. */
  comparesVersions(slot: Slot): boolean;
  /** Why no slot could be like this. */
  readonly problemOf?: (slot: Slot) => string | undefined;
}

/** Gives the name of a slot for messages. @throws RotationError CONFIG_INVALID, ABORTED before anything is asked */
export function beginWith(
  name: string,
  { problemOf }: Pick<DeclaredAccess, 'problemOf'>,
): (slot: Slot, call: CallContext) => string {
  return (slot, { signal }) => {
    const subject = `${name}/${slot.ref}`;
    const reason = problemOf?.(slot);
    if (reason !== undefined) throw new RotationError('CONFIG_INVALID', { subject, reason });
    if (signal.aborted) throw new RotationError('ABORTED', { subject, reason: 'asked to stop' });
    return subject;
  };
}

/** What a look at the slot finds, and what the system itself does, where the slot could be like that at all. */
export async function preflightWith(
  name: string,
  access: Pick<DeclaredAccess, 'findings'>,
  slot: Slot,
  call: CallContext,
  look: (subject: string) => Promise<Finding[]>,
): Promise<readonly Finding[]> {
  const subject = `${name}/${slot.ref}`;
  const findings = await reported(subject, () => look(subject));
  if (findings.some(({ code }) => code === 'CONFIG_INVALID')) return findings;
  return [...findings, ...(await reported(subject, async () => access.findings?.(slot, call) ?? []))];
}

/** The values of the slot's fields and of no other. @throws RotationError REFUSED when one is not known */
export function ownOf(slot: Slot, values: Fields<Secret>, subject: string): Fields<Secret> {
  const own = slot.fields.map((field): [string, Secret] => {
    const value = values[field];
    if (value !== undefined) return [field, value];
    const reason = `no value is known for ${field === '' ? 'it' : field}; it is never emptied`;
    throw new RotationError('REFUSED', { subject, reason });
  });
  return Object.fromEntries(own);
}

/**
 * Brings an old version back by the system's own means. False where the system has it no more, and its values are
 * known: then they can be written.
 */
export async function broughtBack(
  work: () => Promise<void>,
  { orWritten }: { readonly orWritten: boolean },
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (orWritten && isRotationError(error, 'NOT_FOUND')) return false;
    throw error;
  }
}

export function nowhere(subject: string): RotationError {
  return new RotationError('NOT_FOUND', { subject, action: 'write the new value' });
}
