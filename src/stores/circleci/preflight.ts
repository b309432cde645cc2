import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { reported } from '../../lib/store/reported.ts';
import { nameProblem } from './variable-problems.ts';
import type { Variables, VariablesApi } from './variables-api.ts';

/** Everything that can be told before a write. Whether the token may write is not: CircleCI answers no such question. */
export async function preflightSlot(
  slot: Slot,
  {
    open,
    place,
    signal,
  }: { readonly open: () => VariablesApi; readonly place: string; readonly signal: AbortSignal },
): Promise<SlotReport> {
  const names = slot.fields.flatMap((field): Finding[] => {
    const message = nameProblem(field);
    return message === undefined
      ? []
      : [{ severity: 'error', code: 'REFUSED', subject: `${place}#${field}`, message }];
  });
  const sound = slot.fields.filter((field) => nameProblem(field) === undefined);
  let stamped = true;
  const seen = await reported(place, async () => {
    const variables = await open().list(signal);
    if (variables === undefined)
      return [{ severity: 'error', code: 'NOT_FOUND', subject: place, ...NO_PLACE }];
    stamped = sound.every((field) => variables.get(field)?.stamp !== undefined);
    return sound.flatMap((field) => lookAt(field, variables, place));
  });
  return {
    findings: [...names, ...seen],
    restore: 'value',
    cas: false,
    ...(stamped ? {} : { evidence: 'none' }),
  };
}

const NO_PLACE = {
  message: 'there is no such project or context, or this token may not see it: CircleCI answers the same',
  hint: 'Check `ref`, and that the user of the token is a member of the organization (and of the group a context is restricted to).',
};

function lookAt(field: string, variables: Variables, place: string): Finding[] {
  const subject = `${place}#${field}`;
  const facts = variables.get(field);
  if (facts === undefined) {
    return [
      {
        severity: 'error',
        code: 'NOT_FOUND',
        subject,
        message: 'there is no such variable, and keyturn makes none',
        hint: 'Make it once in CircleCI, with any value.',
      },
    ];
  }
  if (facts.updatedAt !== undefined) return [];
  return [
    { severity: 'warning', code: 'NOT_FOUND', subject, ...(facts.stamp === undefined ? SILENT : NO_TIME) },
  ];
}

const NO_TIME = {
  message: 'CircleCI tells no time for it: a push shows only by the masked end of its value',
};

const SILENT = {
  message: 'CircleCI tells nothing of it that changes with a write: a push to it is not proved',
  hint: 'A check of a service that reads it is the proof.',
};
