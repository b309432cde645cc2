import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { reported } from '../../lib/store/reported.ts';
import type { Asking } from './asking.ts';
import { homeFindings } from './home.ts';
import { grantFindings } from './rights.ts';
import { type Scope, scopeOf } from './scope.ts';
import { nameProblem, storedName } from './secret-name.ts';
import { createSecretsApi, type SecretsApi } from './secrets-api.ts';
import { shadowFindings } from './shadows.ts';

/** Everything that would stop a write, or let it arrive where nobody reads it. */
export async function preflightSlot(slot: Slot, asking: Asking): Promise<SlotReport> {
  const { client, place } = asking;
  const findings = await reported(place, async () => {
    const scope = scopeOf(slot.ref, place);
    const found = await homeFindings(scope, asking);
    if (found.some(({ code }) => code === 'NOT_FOUND')) return found;
    found.push(...(await reported(place, () => grantFindings(scope, asking))));
    const api = createSecretsApi(client, scope, place);
    for (const field of slot.fields) {
      const subject = `${place}#${field}`;
      found.push(
        ...(await reported(subject, () => fieldFindings(field, slot, scope, { ...asking, api, subject }))),
      );
    }
    return found;
  });
  return { findings, restore: 'value', cas: false };
}

async function fieldFindings(
  field: string,
  slot: Slot,
  scope: Scope,
  asking: Asking & { readonly api: SecretsApi; readonly subject: string },
): Promise<Finding[]> {
  const { api, subject, signal } = asking;
  const problem = nameProblem(field, slot.fields);
  if (problem !== undefined) return [{ severity: 'error', code: 'REFUSED', subject, message: problem }];
  const name = storedName(field);
  if ((await api.describe(name, signal)) !== undefined) return shadowFindings(name, scope, asking);
  return [(await api.isVariable(name, signal)) === true ? variable(subject) : absent(subject)];
}

function variable(subject: string): Finding {
  return {
    severity: 'error',
    code: 'REFUSED',
    subject,
    message: 'it is a variable and not a secret: everybody with read access sees its value, and logs show it',
    hint: 'Make a secret of this name, let the workflows read `secrets.NAME`, and delete the variable: what it holds is exposed.',
  };
}

function absent(subject: string): Finding {
  return {
    severity: 'error',
    code: 'NOT_FOUND',
    subject,
    message: 'there is no such secret, or this identity may not see it',
    hint: 'keyturn makes no secret: create it once on GitHub, with the old key in it.',
  };
}
