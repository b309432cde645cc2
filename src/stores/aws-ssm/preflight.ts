import type { Finding } from '../../core/finding.ts';
import type { SlotReport } from '../../core/plugins/store.ts';
import type { Caller } from '../../lib/aws/caller.ts';
import { permissionFindings } from '../../lib/aws/permission-findings.ts';
import { reported } from '../../lib/store/reported.ts';
import { textFindings } from '../../lib/store/text-findings.ts';
import { MAX_VERSIONS } from './limits.ts';
import type { ParameterApi, ParameterDescription } from './parameter-api.ts';
import { typeProblem } from './parameter-type.ts';
import type { Place } from './place.ts';

interface Inquiry {
  readonly api: ParameterApi;
  readonly caller: Caller;
  /** @throws RotationError CONFIG_INVALID */
  readonly place: () => Place;
  readonly subject: string;
  readonly signal: AbortSignal;
}

/** Everything that would stop a push or a rollback, at once. @throws RotationError what may be asked again, and ABORTED */
export async function preflightSlot(inquiry: Inquiry): Promise<SlotReport> {
  const { subject } = inquiry;
  const findings = [
    ...(await reported(subject, () => parameterFindings(inquiry))),
    ...(await reported(subject, () => valueFindings(inquiry))),
  ];
  const seen = new Set<string>();
  // What is wrong with `ref` is found by each look.
  const once = findings.filter(({ message }) => !seen.has(message) && seen.add(message));
  return { findings: once, restore: 'version', cas: false };
}

async function parameterFindings(inquiry: Inquiry): Promise<Finding[]> {
  const { api, caller, subject, signal } = inquiry;
  const { name, label, allowPlainText } = inquiry.place();
  const found = await api.describe(name, signal);
  if (found === undefined) {
    const message = 'no such parameter in this account and region';
    const hint =
      'Check `ref` and `region`. keyturn does not create parameters: their KMS key and tier are yours.';
    return [{ severity: 'error', code: 'NOT_FOUND', subject, message, hint }];
  }
  const type = typeProblem(found, allowPlainText);
  const actions = ['ssm:PutParameter', ...(label === undefined ? [] : ['ssm:LabelParameterVersion'])];
  return [
    ...(type === undefined ? [] : [{ ...type, code: 'REFUSED', subject } as const]),
    ...settingFindings(found, subject),
    ...(await reported(subject, () => versionFindings(inquiry, name, found.newest))),
    ...(await permissionFindings(caller, { actions, resource: found.arn }, { subject, signal })),
  ];
}

function settingFindings({ policies, allowedPattern }: ParameterDescription, subject: string): Finding[] {
  const findings: Finding[] = [];
  if (policies !== undefined && /"Expiration"/.test(policies)) {
    const message = 'a policy deletes it at a set time, and a new value does not put that off';
    const hint = 'Look at its policy `Expiration`.';
    findings.push({ severity: 'warning', code: 'REFUSED', subject, message, hint });
  }
  if (allowedPattern !== undefined) {
    const message = `its values must match ${allowedPattern}; whether the new one does, AWS says when it is written`;
    findings.push({ severity: 'info', code: 'REFUSED', subject, message });
  }
  return findings;
}

/** Each push drops the oldest of a hundred versions; a label on that one forbids it. */
async function versionFindings(
  { api, subject, signal }: Inquiry,
  name: string,
  newest: number,
): Promise<Finding[]> {
  if (newest < MAX_VERSIONS) return [];
  const versions = await api.history(name, signal);
  const [oldest] = [...versions].sort((left, right) => left.version - right.version);
  if (versions.length < MAX_VERSIONS || oldest === undefined || oldest.labels.length === 0) return [];
  const message = `it has ${MAX_VERSIONS} versions, and the oldest (${oldest.version}) cannot make room: it has the label ${oldest.labels.join(', ')}`;
  const hint = 'Move the label to another version, or take it off (`aws ssm unlabel-parameter-version`).';
  return [{ severity: 'error', code: 'LIMIT_REACHED', subject, message, hint }];
}

async function valueFindings({ api, place, subject, signal }: Inquiry): Promise<Finding[]> {
  const { slot, name, selector, label } = place();
  const found = await api.read(selector, signal);
  if (found !== undefined) {
    const newest = label === undefined ? found : await api.read(name, signal);
    return [
      ...textFindings(slot, found.text, subject),
      ...stagedFindings({ label, live: found.version, newest: newest?.version }, subject),
    ];
  }
  if (label === undefined) return [];
  const message = `no version of it has the label ${label}`;
  const hint = 'Label the version that its readers should have now (`aws ssm label-parameter-version`).';
  return [{ severity: 'error', code: 'NOT_FOUND', subject, message, hint }];
}

/** Somebody prepares a change, or a rollback has left its version behind. */
function stagedFindings(
  {
    label,
    live,
    newest,
  }: {
    readonly label: string | undefined;
    readonly live: number;
    readonly newest: number | undefined;
  },
  subject: string,
): Finding[] {
  if (newest === undefined || newest === live) return [];
  const message = `the label ${label} is on version ${live}, and the newest is ${newest}: a push makes a version of what is in ${live}, which becomes the newest without what has been changed since`;
  const hint = 'Move the label first if that is to go live, or make the change again after the rotation.';
  return [{ severity: 'warning', code: 'REFUSED', subject, message, hint }];
}
