import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { type Follower, followerFindings } from './followers.ts';
import type { Resource } from './resource.ts';
import { isDynamic, isSynchronized, type Variable, variablesOf } from './variable.ts';
import type { Privilege, VariableApi } from './variable-api.ts';

/** What each privilege is for, in the order in which a lack of it is reported. The three do not imply each other. */
const PRIVILEGES: readonly {
  readonly privilege: Privilege;
  readonly severity: Finding['severity'];
  readonly why: string;
}[] = [
  { privilege: 'update', severity: 'error', why: 'without it nothing can be pushed' },
  { privilege: 'execute', severity: 'error', why: 'without it a push cannot be read back or undone' },
  {
    privilege: 'read',
    severity: 'info',
    why: 'versions are visible all the same, thanks to the other privileges',
  },
];

interface Place {
  readonly api: VariableApi;
  readonly followers: readonly Follower[];
  readonly name: string;
  readonly signal: AbortSignal;
}

interface VariableReport {
  readonly findings: readonly Finding[];
  readonly restorable: boolean;
}

/** Everything that would stop a write or a restore, for each variable of the slot. */
export async function preflightSlot(slot: Slot, place: Place): Promise<SlotReport> {
  const reports = await Promise.all(variablesOf(slot).map((variable) => inspectVariable(variable, place)));
  return {
    findings: reports.flatMap(({ findings }) => findings),
    restore: reports.every(({ restorable }) => restorable) ? 'version' : 'none',
    cas: false,
  };
}

async function inspectVariable(variable: Variable, place: Place): Promise<VariableReport> {
  const subject = `${place.name}/${variable.id}`;
  if (isDynamic(variable.id)) {
    const message = 'it is a dynamic variable: Conjur makes its value afresh for each reader';
    return { findings: [{ severity: 'error', code: 'REFUSED', subject, message }], restorable: false };
  }
  try {
    return await inspectStatic(variable, subject, place);
  } catch (error) {
    // What may pass is for the retry around us; the rest is something a person has to see beside all other findings.
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    const finding: Finding = {
      severity: 'error',
      code: error.code,
      subject,
      message: error.message,
      hint: error.hint,
    };
    return { findings: [finding], restorable: false };
  }
}

async function inspectStatic(variable: Variable, subject: string, place: Place): Promise<VariableReport> {
  const { api, followers, signal } = place;
  const resource = await api.describe(variable.id, signal);
  if (resource === undefined) {
    return { findings: [{ severity: 'error', code: 'NOT_FOUND', subject, ...ABSENT }], restorable: false };
  }
  const missing = await missingPrivileges(api, variable.id, signal);
  const findings = [
    ...ownershipFindings(variable.id, subject, resource),
    ...missing.map(
      ({ privilege, severity, why }): Finding => ({
        severity,
        code: 'PERMISSION_DENIED',
        subject,
        message: `\`${privilege}\` on the variable is not granted: ${why}`,
        ...(severity === 'error'
          ? { hint: `Add \`!permit\` with \`${privilege}\` for this identity to the policy.` }
          : {}),
      }),
    ),
    ...(await followerFindings(followers, subject, variable, resource.highest, signal)),
  ];
  const restorable = resource.highest > 0 && !missing.some(({ severity }) => severity === 'error');
  return { findings, restorable };
}

const ABSENT = {
  message: 'there is no such variable, or this identity may not see it: Conjur answers the same',
  hint: 'Declare it in policy and grant `read`, `execute` and `update`; `ref` is its id without `account:variable:`.',
};

async function missingPrivileges(api: VariableApi, id: string, signal: AbortSignal) {
  const granted = await Promise.all(PRIVILEGES.map(({ privilege }) => api.allows(id, privilege, signal)));
  return PRIVILEGES.filter((_privilege, index) => granted[index] !== true);
}

/** Somebody or something else that writes here too. */
function ownershipFindings(id: string, subject: string, resource: Resource): readonly Finding[] {
  const findings: Finding[] = [];
  const rotator = resource.annotations.get('rotation/rotator');
  if (rotator !== undefined) {
    findings.push({
      severity: 'error',
      code: 'REFUSED',
      subject,
      message: `Conjur rotates it itself (annotation rotation/rotator: ${rotator})`,
      hint: 'Leave it to Conjur, or take the rotation annotations out of the policy.',
    });
  }
  if (isSynchronized(id)) {
    findings.push({
      severity: 'warning',
      code: 'CONFLICT',
      subject,
      message:
        'variables below data/vault/ are filled by the Vault Synchronizer, which will overwrite a push',
      hint: 'Rotate the account in the vault it comes from.',
    });
  }
  if (resource.highest === 0) {
    const message = 'it has no value yet: there is none to go back to, and Conjur cannot clear a variable';
    findings.push({ severity: 'warning', code: 'NOT_FOUND', subject, message });
  }
  return findings;
}
