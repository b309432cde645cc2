import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { reported } from '../../lib/store/reported.ts';
import type { Place } from './place.ts';
import type { VariableFacts } from './variable.ts';
import { keyProblem } from './variable-problems.ts';
import type { VariablesApi } from './variables-api.ts';

interface Questions {
  /** @throws RotationError CONFIG_INVALID when the ref names no place */
  readonly open: () => { readonly api: VariablesApi; readonly place: Place };
  /** What our token may do; undefined where GitLab does not tell. */
  readonly scopes: (signal: AbortSignal) => Promise<readonly string[] | undefined>;
  readonly subject: string;
  readonly signal: AbortSignal;
}

/** Who may list variables may write them, as long as the token may write at all: it is one permission. */
export async function preflightSlot(
  slot: Slot,
  { open, scopes, subject, signal }: Questions,
): Promise<SlotReport> {
  let hidden = false;
  const seen = await reported(subject, async () => {
    const { api, place } = open();
    const variables = await api.list(signal);
    hidden = slot.fields.some((field) => meantIn(variables, field, place.scope)?.hidden === true);
    return slot.fields.flatMap((field) => lookAt(field, variables, place.scope, `${subject}#${field}`));
  });
  const token = await reported(subject, async () => tokenFindings(await scopes(signal), subject));
  const shown = { readable: !hidden, evidence: hidden ? 'none' : 'read-back' } as const;
  return { findings: [...seen, ...token], restore: 'value', cas: false, ...shown };
}

function meantIn(
  variables: readonly VariableFacts[],
  field: string,
  scope: string | undefined,
): VariableFacts | undefined {
  return variables.find((each) => each.key === field && (scope === undefined || each.scope === scope));
}

function lookAt(
  field: string,
  variables: readonly VariableFacts[],
  scope: string | undefined,
  subject: string,
): Finding[] {
  const problem = keyProblem(field);
  if (problem !== undefined) return [{ severity: 'error', code: 'REFUSED', subject, message: problem }];
  const meant = meantIn(variables, field, scope);
  const others = variables.filter((each) => each.key === field && each !== meant).map((each) => each.scope);
  if (meant === undefined) return [absent(others, scope, subject)];
  return [...stateFindings(meant, subject), ...otherScopes(others, subject)];
}

function stateFindings({ hidden, masked, raw }: VariableFacts, subject: string): Finding[] {
  const findings: Finding[] = [];
  if (hidden) {
    const message = 'it is hidden: GitLab shows its value to nobody, so nothing proves a push to it';
    const hint =
      'A check of a service that reads it is the proof. On a rollback it is given the current key.';
    findings.push({ severity: 'info', code: 'REFUSED', subject, message, hint });
  }
  if (!masked) {
    const message = 'it is not masked: a job that prints its value shows it in the log';
    const hint = 'Mask it in GitLab; keyturn leaves that as it is.';
    findings.push({ severity: 'warning', code: 'REFUSED', subject, message, hint });
  }
  if (!raw) {
    const message = 'runners expand `$` in its value; a new key with a `$` in it would be refused';
    findings.push({ severity: 'info', code: 'REFUSED', subject, message });
  }
  return findings;
}

function absent(others: readonly string[], scope: string | undefined, subject: string): Finding {
  const where = scope === undefined ? '' : ` of the environment scope ${scope}`;
  const instead = others.length === 0 ? '' : `; there is one of ${others.join(', ')}`;
  return {
    severity: 'error',
    code: 'NOT_FOUND',
    subject,
    message: `there is no such variable${where}${instead}, and keyturn makes none`,
    hint: 'Check `field` and the environment scope (`@production` behind the ref), or make it once in GitLab.',
  };
}

/** They may hold the same key, and would keep the old one unseen. */
function otherScopes(others: readonly string[], subject: string): Finding[] {
  if (others.length === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'CONFLICT',
      subject,
      message: `there are variables of this key for other environments too, which stay as they are: ${others.join(', ')}`,
      hint: 'List each of them that holds the key as a target (`@ENVIRONMENT` behind the ref).',
    },
  ];
}

function tokenFindings(scopes: readonly string[] | undefined, subject: string): Finding[] {
  if (scopes === undefined || scopes.includes('api') || scopes.includes('granular')) return [];
  return [
    {
      severity: 'error',
      code: 'PERMISSION_DENIED',
      subject,
      message: `our token has the scopes ${scopes.join(', ')}, and writing a variable needs \`api\``,
      hint: 'Make a token with the scope `api`.',
    },
  ];
}
