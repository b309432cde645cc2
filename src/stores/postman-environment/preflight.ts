import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { reported } from '../../lib/store/reported.ts';
import type { Environment } from './environment.ts';
import type { EnvironmentApi } from './environment-api.ts';
import { problemOf, variableOf } from './variable-problems.ts';

/** Postman does not tell whether a key may edit an environment: a lack of it shows at the push. */
export async function preflightSlot(
  api: EnvironmentApi,
  slot: Slot,
  subject: string,
  signal: AbortSignal,
): Promise<SlotReport> {
  const findings = await reported(subject, async () => {
    const environment = await api.get(slot.ref, signal);
    if (environment === undefined) return [absent(subject)];
    const found = slot.fields.flatMap((field) => variableFindings(environment, field, `${subject}#${field}`));
    return environment.isPublic ? [published(subject), ...found] : found;
  });
  const usable = findings.every(({ severity }) => severity !== 'error');
  return { findings, restore: usable ? 'value' : 'none', cas: false };
}

function variableFindings(environment: Environment, field: string, subject: string): Finding[] {
  const problem = problemOf(environment, field);
  if (problem !== undefined) return [{ severity: 'error', subject, ...problem }];
  const variable = variableOf(environment, field);
  if (variable?.value === '') return [unshared(field, subject)];
  const findings: Finding[] = [];
  if (variable?.enabled === false) {
    findings.push({
      severity: 'warning',
      code: 'REFUSED',
      subject,
      message: 'it is switched off: requests do not see its value',
    });
  }
  if (variable?.unmasked === true) {
    findings.push({
      severity: 'info',
      code: 'REFUSED',
      subject,
      message: 'its type is not `secret`: everybody who opens the environment reads the value on the screen',
    });
  }
  return findings;
}

/** A rollback would find no old value to put back. */
function unshared(field: string, subject: string): Finding {
  return {
    severity: 'error',
    code: 'NOT_FOUND',
    subject,
    message: `\`${field}\` has no shared value`,
    hint: 'Share its value in Postman: local values are on one machine only.',
  };
}

function absent(subject: string): Finding {
  return {
    severity: 'error',
    code: 'NOT_FOUND',
    subject,
    message: 'there is no such environment, or this key may not see it: Postman answers the same',
    hint: 'Take the id from the address of the environment in Postman, and a key of somebody in its workspace.',
  };
}

function published(subject: string): Finding {
  return {
    severity: 'error',
    code: 'REFUSED',
    subject,
    message: 'the environment is public: everybody on the internet would read the new key',
    hint: 'Move it into a workspace that is not public, then rotate again.',
  };
}
