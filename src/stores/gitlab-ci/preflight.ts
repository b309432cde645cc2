import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { reported } from '../../lib/store/reported.ts';
import type { Place } from './place.ts';
import type { Variable } from './variable.ts';
import { HIDDEN, keyProblem } from './variable-problems.ts';
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
  const seen = await reported(subject, async () => {
    const { api, place } = open();
    const variables = await api.list(signal);
    return slot.fields.flatMap((field) => lookAt(field, variables, place.scope, `${subject}#${field}`));
  });
  const token = await reported(subject, async () => tokenFindings(await scopes(signal), subject));
  return { findings: [...seen, ...token], restore: 'value', cas: false };
}

function lookAt(
  field: string,
  variables: readonly Variable[],
  scope: string | undefined,
  subject: string,
): Finding[] {
  const problem = keyProblem(field);
  if (problem !== undefined) return [{ severity: 'error', code: 'REFUSED', subject, message: problem }];
  const named = variables.filter(({ key }) => key === field);
  const meant = named.find((variable) => scope === undefined || variable.scope === scope);
  const others = named.filter((variable) => variable !== meant).map((variable) => variable.scope);
  if (meant === undefined) return [absent(others, scope, subject)];
  return [...stateFindings(meant, subject), ...otherScopes(others, subject)];
}

function stateFindings({ hidden, masked, raw }: Variable, subject: string): Finding[] {
  if (hidden) {
    return [{ severity: 'error', code: 'REFUSED', subject, message: HIDDEN.reason, hint: HIDDEN.hint }];
  }
  const findings: Finding[] = [];
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
