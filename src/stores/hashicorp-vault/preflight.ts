import type { Finding } from '../../core/finding.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import { type Slot, type SlotReport, WHOLE } from '../../core/plugins/store.ts';
import { findingOf } from '../../lib/vault/server-findings.ts';

export interface PreflightParts {
  /** The name of the connection. */
  readonly connection: string;
  /** What is wrong with the server or the token, whatever the slot. */
  readonly inspectServer: (ctx: CallContext) => Promise<readonly Finding[]>;
  readonly inspectSlot: (slot: Slot, subject: string, ctx: CallContext) => Promise<SlotReport>;
}

/** The server and the token are looked at once, then each slot: is it there, may we write it, can we take it back. */
export function createPreflight(
  parts: PreflightParts,
): (slot: Slot, ctx: CallContext) => Promise<SlotReport> {
  let underway: Promise<readonly Finding[]> | undefined;

  const server = async (ctx: CallContext): Promise<readonly Finding[]> => {
    underway ??= parts.inspectServer(ctx);
    try {
      return await underway;
    } catch (error) {
      // Aborted: the next caller asks anew.
      underway = undefined;
      throw error;
    }
  };

  return async (slot, ctx) => {
    const subject = `${parts.connection}/${slot.ref}#${slot.fields.join(',')}`;
    if (slot.fields.length === 0 || slot.fields.includes(WHOLE)) return unusable([noField(subject)]);
    const general = await server(ctx);
    if (general.some((finding) => finding.severity === 'error')) return unusable(general);
    try {
      const report = await parts.inspectSlot(slot, subject, ctx);
      return { ...report, findings: [...general, ...report.findings] };
    } catch (error) {
      return unusable([...general, findingOf(error, subject)]);
    }
  };
}

function unusable(findings: readonly Finding[]): SlotReport {
  return { findings, restore: 'none', cas: false };
}

function noField(subject: string): Finding {
  return {
    severity: 'error',
    code: 'CONFIG_INVALID',
    subject,
    message: 'A secret in Vault is a map, so the target needs a `field`.',
    hint: 'Name the key that holds the value, as in `vault kv get -field=api_key`.',
  };
}
