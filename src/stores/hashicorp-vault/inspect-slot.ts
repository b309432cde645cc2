import type { Finding } from '../../core/finding.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { askAccess, type MayDo } from '../../lib/vault/access.ts';
import { findingOf } from '../../lib/vault/server-findings.ts';
import type { VaultApi } from '../../lib/vault/vault-api.ts';
import { type KvDocument, ownFields } from './kv-document.ts';
import type { KvEngine } from './kv-engine.ts';
import type { Locate } from './mounts.ts';
import {
  type MountSettings,
  readMetadata,
  readMountSettings,
  retentionOf,
  type SecretMetadata,
} from './retention.ts';
import { type Location, metadataPath, settingsPath } from './secret-path.ts';

interface Parts {
  readonly api: VaultApi;
  readonly locate: Locate;
  readonly engines: Readonly<Record<1 | 2, KvEngine>>;
}

/** Looks at one slot; requests that do not depend on one another go out together. */
export function createSlotInspector({ api, locate, engines }: Parts) {
  const settingsByMount = new Map<string, Promise<MountSettings | undefined>>();

  const mountSettings = (
    location: Location,
    mayDo: MayDo,
    ctx: CallContext,
  ): Promise<MountSettings | undefined> => {
    const known = settingsByMount.get(location.mount);
    if (known !== undefined) return known;
    const asked = readMountSettings(api, location, mayDo, ctx);
    settingsByMount.set(location.mount, asked);
    asked.catch(() => settingsByMount.delete(location.mount));
    return asked;
  };

  return async (slot: Slot, subject: string, ctx: CallContext): Promise<SlotReport> => {
    const location = await locate(slot.ref, ctx);
    const paths = [location.policyPath];
    if (location.kvVersion === 2) paths.push(metadataPath(location), settingsPath(location));
    const [mayDo, content] = await Promise.all([
      askAccess(api, location.subject, paths, ctx),
      readOrFinding(engines[location.kvVersion], location, subject, ctx),
    ]);
    const denied = accessFindings(location, mayDo, subject);
    if ('finding' in content) {
      // The lack of `read` is told once, with whatever else is lacking.
      const told =
        content.finding.code === 'PERMISSION_DENIED' && mayDo('read', location.policyPath) === false;
      return { findings: told ? denied : [...denied, content.finding], restore: 'none', cas: false };
    }
    const { document } = content;
    if (location.kvVersion === 1) {
      const findings = [
        ...denied,
        ...absence(slot, location, document, undefined, subject),
        versionOne(subject),
      ];
      return { findings, restore: 'value', cas: false };
    }
    const [metadata, settings] = await Promise.all([
      readMetadata(api, location, mayDo, ctx),
      mountSettings(location, mayDo, ctx),
    ]);
    const absent = absence(slot, location, document, metadata, subject);
    // Nothing is said of the versions of what is not there.
    if (document === undefined) return { findings: [...denied, ...absent], restore: 'none', cas: true };
    const retention = retentionOf(metadata, settings, { subject, path: metadataPath(location) });
    return {
      findings: [...denied, ...absent, ...retention.findings],
      restore: retention.keepsOld ? 'version' : 'value',
      cas: true,
    };
  };
}

async function readOrFinding(
  engine: KvEngine,
  location: Location,
  subject: string,
  ctx: CallContext,
): Promise<{ readonly document: KvDocument | undefined } | { readonly finding: Finding }> {
  try {
    return { document: await engine.read(location, ctx) };
  } catch (error) {
    return { finding: findingOf(error, subject) };
  }
}

function accessFindings({ policyPath }: Location, mayDo: MayDo, subject: string): Finding[] {
  return (['read', 'update'] as const)
    .filter((capability) => mayDo(capability, policyPath) === false)
    .map((capability) => ({
      severity: 'error',
      code: 'PERMISSION_DENIED',
      subject,
      message: `No policy of the token allows \`${capability}\` on \`${policyPath}\`.`,
      hint: `Grant it: path "${policyPath}" { capabilities = ["read", "update"] }.`,
    }));
}

/** keyturn replaces values; a secret or a field that is not there is a spelling mistake until somebody makes it. */
function absence(
  slot: Slot,
  location: Location,
  document: KvDocument | undefined,
  metadata: SecretMetadata | undefined,
  subject: string,
): Finding[] {
  if (document === undefined) return [noSecret(location, metadata, subject)];
  const present = ownFields(slot, document.entries);
  return slot.fields
    .filter((field) => present[field] === undefined)
    .map((field) => ({
      severity: 'error',
      code: 'NOT_FOUND',
      subject,
      message: `The secret has no field \`${field}\` with a value.`,
      hint: 'Check the spelling of `field`; keyturn replaces values and adds none.',
    }));
}

function noSecret(location: Location, metadata: SecretMetadata | undefined, subject: string): Finding {
  const finding = { severity: 'error', code: 'NOT_FOUND', subject } as const;
  const version = metadata?.current_version ?? 0;
  if (version > 0) {
    return {
      ...finding,
      message: `The current version of the secret (${version}) is deleted.`,
      hint: `Undelete it (vault kv undelete -versions=${version} ${location.ref}) or write it anew.`,
    };
  }
  const inside = location.ref.slice(location.mount.length + 1);
  return {
    ...finding,
    message: `There is no secret at \`${inside}\` in the mount ${location.mount}/ (KV version ${location.kvVersion}).`,
    hint: inside.startsWith('data/')
      ? 'Leave out `data/`: `ref` is written as `vault kv get` takes it.'
      : 'Check the spelling of `ref` and the namespace; keyturn replaces values and makes no secrets.',
  };
}

function versionOne(subject: string): Finding {
  return {
    severity: 'info',
    code: 'CONFLICT',
    subject,
    message:
      'A KV version 1 mount has no versions and no check-and-set: the old value is kept sealed for a rollback, and a write of somebody else in the same instant can be lost.',
    hint: 'Upgrade the mount: vault kv enable-versioning.',
  };
}
