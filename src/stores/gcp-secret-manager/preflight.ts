import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { SlotReport } from '../../core/plugins/store.ts';
import { reported } from '../../lib/store/reported.ts';
import { textFindings } from '../../lib/store/text-findings.ts';
import { type Place, readersVersion } from './place.ts';
import type { SecretApi, SecretFacts } from './secret-api.ts';
import { LATEST } from './secret-ref.ts';

interface Inquiry {
  readonly api: SecretApi;
  /** @throws RotationError CONFIG_INVALID */
  readonly place: () => Place;
  /** The replaced version will be disabled. */
  readonly disables: boolean;
  readonly subject: string;
  readonly signal: AbortSignal;
}

/** Everything that would stop a push or a rollback, at once. @throws RotationError what may be asked again, and ABORTED */
export async function preflightSlot(inquiry: Inquiry): Promise<SlotReport> {
  const { subject } = inquiry;
  const known: { cas: boolean } = { cas: false };
  const findings = await reported(subject, async () => {
    const place = inquiry.place();
    known.cas = place.alias !== undefined;
    return [
      ...(await reported(subject, () => secretFindings(inquiry, place))),
      ...(await reported(subject, () => permissionFindings(inquiry, place))),
      ...(await reported(subject, () => valueFindings(inquiry, place))),
    ];
  });
  return { findings, restore: 'version', cas: known.cas };
}

async function secretFindings(
  { api, subject, signal }: Inquiry,
  { secret, alias }: Place,
): Promise<Finding[]> {
  const facts = await api.facts(secret, signal);
  if (facts === undefined) {
    const message = 'no such secret in this project';
    const hint =
      'Check `ref`, `project` and `location`. keyturn does not create secrets: their policy is yours.';
    return [{ severity: 'error', code: 'NOT_FOUND', subject, message, hint }];
  }
  return [...stateFindings(facts, subject), ...readerFindings(facts, alias, subject)];
}

function stateFindings({ managed, scheduled, expiresAt }: SecretFacts, subject: string): Finding[] {
  const findings: Finding[] = [];
  if (managed) {
    const message = 'Secret Manager rotates it itself (managed rotation)';
    const hint = 'Two rotations of one secret undo each other: switch one of them off.';
    findings.push({ severity: 'error', code: 'REFUSED', subject, message, hint });
  } else if (scheduled) {
    const message = 'it has a rotation schedule: whoever listens to its topic may write to it as well';
    const hint = 'See that they and this rotation do not meet.';
    findings.push({ severity: 'warning', code: 'REFUSED', subject, message, hint });
  }
  if (expiresAt !== undefined) {
    const message = `Google deletes it at ${expiresAt}, whatever is written to it`;
    const hint = 'Take its expiration off when it is to stay.';
    findings.push({ severity: 'warning', code: 'REFUSED', subject, message, hint });
  }
  return findings;
}

function readerFindings({ aliases }: SecretFacts, alias: string | undefined, subject: string): Finding[] {
  if (alias === undefined) {
    const message =
      'its readers take `latest`, for which there is no compare-and-set: the version is looked at right before and right after the write';
    return [{ severity: 'info', code: 'CONFLICT', subject, message }];
  }
  if (aliases[alias] !== undefined) return [];
  const message = `it has no alias ${alias}`;
  const hint =
    'Give it to the version that readers should have now (`gcloud secrets update --update-version-aliases`).';
  return [{ severity: 'error', code: 'NOT_FOUND', subject, message, hint }];
}

async function permissionFindings(
  { api, disables, subject, signal }: Inquiry,
  { secret, alias }: Place,
): Promise<Finding[]> {
  const needed = [
    'secretmanager.versions.access',
    'secretmanager.versions.add',
    ...(alias === undefined ? [] : ['secretmanager.secrets.update']),
    ...(disables ? ['secretmanager.versions.get', 'secretmanager.versions.disable'] : []),
  ];
  const granted = await api.granted(secret, needed, signal);
  return needed
    .filter((permission) => !granted.includes(permission))
    .map((permission) => ({
      severity: 'error',
      code: 'PERMISSION_DENIED',
      subject,
      message: `the permission ${permission} is missing`,
      hint: `Grant it on ${secret}.`,
    }));
}

async function valueFindings({ api, subject, signal }: Inquiry, place: Place): Promise<Finding[]> {
  const found = await api.access(place.secret, readersVersion(place), signal);
  if (found !== undefined) {
    const newest = place.alias === undefined ? found.version : await newestOf(api, place.secret, signal);
    return [
      ...textFindings(place.slot, found.text, subject),
      ...stagedFindings({ alias: place.alias, live: found.version, newest }, subject),
    ];
  }
  // A missing alias has been reported; a missing secret too.
  if (place.alias !== undefined || (await api.facts(place.secret, signal)) === undefined) return [];
  const message = 'it has no version yet';
  const hint = 'Give it a first value (`gcloud secrets versions add`).';
  return [{ severity: 'error', code: 'NOT_FOUND', subject, message, hint }];
}

/** Undefined where nobody can read it: it is disabled or destroyed. */
async function newestOf(api: SecretApi, secret: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    return (await api.access(secret, LATEST, signal))?.version;
  } catch (error) {
    if (isRotationError(error, 'REFUSED')) return undefined;
    throw error;
  }
}

/** Somebody prepares a change, or a rollback has left its version behind. */
function stagedFindings(
  {
    alias,
    live,
    newest,
  }: {
    readonly alias: string | undefined;
    readonly live: number;
    readonly newest: number | undefined;
  },
  subject: string,
): Finding[] {
  if (newest === undefined || newest === live) return [];
  const message = `the alias ${alias} is on version ${live}, and the newest is ${newest}: a push adds a version of what is in ${live}, which becomes \`latest\` without what has been changed since`;
  const hint = 'Move the alias first if that is to go live, or make the change again after the rotation.';
  return [{ severity: 'warning', code: 'REFUSED', subject, message, hint }];
}
