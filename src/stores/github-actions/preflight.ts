import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import type { Asking } from './asking.ts';
import { homeFindings } from './home.ts';
import { grantFindings } from './rights.ts';
import { type Scope, scopeOf } from './scope.ts';
import { nameProblem, storedName } from './secret-name.ts';
import { createSecretsApi, type SecretsApi } from './secrets-api.ts';
import { shadowFindings } from './shadows.ts';

/** Everything that would stop a write, or let it arrive where nobody reads it. */
export async function preflightSlot(slot: Slot, asking: Asking): Promise<SlotReport> {
  const findings: Finding[] = [];
  await reported(findings, asking.place, async () => {
    const scope = scopeOf(slot.ref, asking.place);
    const home = await homeFindings(scope, asking);
    findings.push(...home);
    if (home.some(({ code }) => code === 'NOT_FOUND')) return;
    findings.push(...(await grantFindings(scope, asking)));
    const api = createSecretsApi(asking.client, scope, asking.place);
    for (const field of slot.fields) {
      const subject = `${asking.place}#${field}`;
      await reported(findings, subject, async () => {
        findings.push(...(await fieldFindings(field, slot, scope, { ...asking, api, subject })));
      });
    }
  });
  return { findings, restore: 'value', cas: false };
}

async function fieldFindings(
  field: string,
  slot: Slot,
  scope: Scope,
  asking: Asking & { readonly api: SecretsApi; readonly subject: string },
): Promise<readonly Finding[]> {
  const { api, subject, signal } = asking;
  const problem = nameProblem(field, slot.fields);
  if (problem !== undefined) return [{ severity: 'error', code: 'REFUSED', subject, message: problem }];
  const name = storedName(field);
  if ((await api.describe(name, signal)) !== undefined) return shadowFindings(name, scope, asking);
  return [(await api.isVariable(name, signal)) === true ? variable(subject) : absent(subject)];
}

/** What may pass is for the retry around us; the rest a person has to see beside all other findings. */
async function reported(findings: Finding[], subject: string, look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    findings.push({ severity: 'error', code: error.code, subject, message: error.message, hint: error.hint });
  }
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
