import { WHOLE } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import type { Variable } from './variable.ts';

/** Why GitLab has no variable of this key, or undefined. */
export function keyProblem(field: string): string | undefined {
  if (field === WHOLE) return 'the target names no `field`: each variable has a key';
  return /^[A-Za-z0-9_]{1,255}$/.test(field)
    ? undefined
    : 'keys of variables are up to 255 letters, digits and `_`';
}

export interface Problem {
  readonly reason: string;
  readonly hint: string;
}

/** The alphabet is narrower where a runner expands the value. */
const MASKABLE = /^[A-Za-z0-9_+=/@:.~-]{8,}$/;
const MASKABLE_RAW = /^\S{8,}$/;

/** Why this value must not be written to that variable, or undefined. The value itself is not in it. */
export function valueProblem(value: Secret, { masked, raw }: Variable): Problem | undefined {
  const text = value.reveal();
  if (!raw && text.includes('$')) {
    return {
      reason: 'the value has a `$` in it, and the runner would take what follows for the name of a variable',
      hint: 'Clear "Expand variable reference" (raw) of the variable in GitLab, then run `keyturn resume`.',
    };
  }
  if (!masked || (raw ? MASKABLE_RAW : MASKABLE).test(text)) return undefined;
  return {
    reason: raw
      ? 'the variable is masked, which takes a value of at least eight characters without white space'
      : 'the variable is masked, which takes a value of at least eight letters, digits and _+=/@:.~-',
    hint: raw
      ? 'Keep the value in base64, or take the masking off and accept that logs show it.'
      : 'Clear "Expand variable reference" (raw) of the variable, which then takes everything but white space.',
  };
}
