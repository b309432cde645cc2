import { RotationError } from '../../core/errors/rotation-error.ts';

export const FAULT_KINDS = ['kill', '429', 'lost-answer', 'failed-check'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** `kill@push:vault-prod`: what goes wrong, at the first step whose id begins like this. */
export interface FaultSpec {
  readonly kind: FaultKind;
  readonly step: string;
}

/** @throws RotationError CONFIG_INVALID naming what would be right */
export function parseFault(text: string): FaultSpec {
  const [kind = '', step = ''] = [text.slice(0, text.indexOf('@')), text.slice(text.indexOf('@') + 1)];
  const known = FAULT_KINDS.find((candidate) => candidate === kind);
  if (known !== undefined && text.includes('@') && step !== '') return { kind: known, step };
  throw new RotationError('CONFIG_INVALID', {
    subject: `--fault ${text}`,
    reason: `it is not KIND@STEP with KIND one of ${FAULT_KINDS.join(', ')}`,
    hint: 'For example --fault kill@push or --fault failed-check@check:checkout.',
  });
}
