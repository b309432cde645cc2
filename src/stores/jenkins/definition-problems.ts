import type { ErrorCode } from '../../core/errors/codes.ts';
import { quoted } from '../../lib/quoted.ts';
import {
  type CredentialDefinition,
  elementOf,
  isRedacted,
  partOf,
  shownText,
} from './credential-definition.ts';
import { KIND_TITLES } from './credential-kinds.ts';

/** Why a definition cannot be written back with new values in the fields of a slot. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** A credential is replaced as a whole by what is posted, so that all of it must be known or ours to give. */
export function definitionProblems(
  definition: CredentialDefinition,
  id: string,
  fields: readonly string[],
): readonly Problem[] {
  const { kind } = definition;
  if (kind === undefined) {
    return [
      {
        code: 'REFUSED',
        message: `it is a ${quoted(definition.root)}, which keyturn does not write`,
        hint: `It writes these kinds of credentials: ${KIND_TITLES.join(', ')}.`,
      },
    ];
  }
  const unknown = fields.filter((field) => partOf(definition, field) === undefined);
  if (unknown.length > 0) {
    return unknown.map((field) => ({
      code: 'NOT_FOUND',
      message: `a ${kind.title} has no \`${field}\``,
      hint: `Its fields are: ${Object.keys(kind.parts).join(', ')}.`,
    }));
  }
  return [
    ...(shownText(definition, 'id') === id ? [] : [OTHER_ID]),
    ...unwritable(definition, fields),
    ...lost(definition, fields),
    ...(definition.lossy ? [LOSSY] : []),
  ];
}

/** The parts to be written: each one element, which holds a text or the placeholder. */
function unwritable(definition: CredentialDefinition, fields: readonly string[]): Problem[] {
  const names = fields.flatMap((field) => partOf(definition, field)?.element ?? []);
  const odd = names.filter((name) => {
    const inner = elementOf(definition, name)?.inner.trim();
    return inner === undefined || (inner.includes('<') && !PLACEHOLDER.test(inner));
  });
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...odd.map(
      (name): Problem => ({
        code: 'REFUSED',
        message: `its definition has no plain element \`${name}\` to put the value into`,
        hint: 'Save the credential once in the web page of Jenkins, then try again.',
      }),
    ),
    ...twice.map(
      (name): Problem => ({
        code: 'CONFIG_INVALID',
        message: `two fields of the target are its \`${name}\``,
        hint: 'Name each part once.',
      }),
    ),
  ];
}

const PLACEHOLDER = /^<secret-redacted\s*(\/>|>\s*<\/secret-redacted\s*>)$/;

/** Secrets that are not ours to write: posted back, their placeholders would take their place. */
function lost(definition: CredentialDefinition, fields: readonly string[]): Problem[] {
  const ours = new Set(fields.flatMap((field) => partOf(definition, field)?.element ?? []));
  const names = definition.children.filter(({ name, inner }) => !ours.has(name) && isRedacted(inner));
  return names.map(({ name }) => ({
    code: 'REFUSED',
    message: `a write would destroy its \`${name}\`, which Jenkins does not show and this target does not give`,
    hint: 'Jenkins replaces a credential as a whole: give all its secrets in one target (`fields`).',
  }));
}

const OTHER_ID: Problem = {
  code: 'REFUSED',
  message: 'Jenkins gave the definition of a credential with another id',
  hint: 'Check `ref`, upper and lower case included.',
};

const LOSSY: Problem = {
  code: 'REFUSED',
  message:
    'Jenkins serves its definition in an encoding that loses characters, and a write would make that last',
  hint: 'Take characters beyond ASCII and question marks out of its description and user or file name.',
};
