import { isObjectText, type Member, membersOf } from './json-members.ts';

/**
 * Edits a JSON object as text: only the bytes of the members that are replaced change. Parsing and printing it again
 * would damage what belongs to others: `1.50` and numbers beyond 2^53, the order of keys, the layout.
 */

/** Why a field cannot be used, in words; or its text, undefined when it is absent. */
export type FieldValue =
  | { readonly usable: true; readonly text: string | undefined }
  | { readonly usable: false; readonly reason: string };

export function fieldOf(text: string, field: string): FieldValue {
  if (!isObjectText(text)) return { usable: false, reason: 'the secret is not a JSON object' };
  const own = membersOf(text).filter((member) => member.name === field);
  const last = own.at(-1);
  if (last === undefined) return { usable: true, text: undefined };
  if (own.length > 1)
    return { usable: false, reason: `the secret has the key "${field}" ${own.length} times` };
  const value: unknown = JSON.parse(text.slice(last.valueStart, last.valueEnd));
  if (typeof value !== 'string') return { usable: false, reason: `the value of "${field}" is not a string` };
  return { usable: true, text: value };
}

/** The text of a JSON object with the fields set; those that are missing are added at the end, laid out as the others are. */
export function withFields(text: string, values: Readonly<Record<string, string>>): string {
  let result = text;
  for (const [field, value] of Object.entries(values)) {
    const members = membersOf(result);
    const member = members.find((candidate) => candidate.name === field);
    const literal = JSON.stringify(value);
    result =
      member === undefined
        ? appended(result, members, `${JSON.stringify(field)}${colonOf(result, members)}${literal}`)
        : result.slice(0, member.valueStart) + literal + result.slice(member.valueEnd);
  }
  return result;
}

function appended(text: string, members: readonly Member[], member: string): string {
  const last = members.at(-1);
  if (last === undefined) return text.replace('{', () => `{${member}`);
  return `${text.slice(0, last.valueEnd)},${spaceBefore(text, last)}${member}${text.slice(last.valueEnd)}`;
}

/** The white space in front of a member's name. */
function spaceBefore(text: string, member: Member): string {
  const before = text.slice(0, member.nameStart);
  return before.slice(before.trimEnd().length);
}

/** `:` with the white space that the last member has around it. */
function colonOf(text: string, members: readonly Member[]): string {
  const last = members.at(-1);
  return last === undefined ? ':' : text.slice(last.nameEnd, last.valueStart);
}
