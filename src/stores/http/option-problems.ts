import { isRotationError } from '../../core/errors/rotation-error.ts';
import { placeholdersIn } from '../../lib/template.ts';
import { addressingOf, mentions, placeholdersOf } from './addressing.ts';
import type { HttpStoreOptions } from './options-shape.ts';

export interface OptionProblem {
  readonly path: string[];
  readonly message: string;
}

const KNOWN = {
  read: ['ref', 'field'],
  write: ['ref', 'field', 'value', 'values', 'version', 'rotationId', 'idempotencyToken'],
  restore: ['ref', 'field', 'before', 'version', 'rotationId', 'idempotencyToken'],
  whoami: [],
} as const;

/** What the requests of a config do not say, or say in two ways. Each schema by itself has been met. */
export function optionProblems(options: HttpStoreOptions): readonly OptionProblem[] {
  const spelling = spellingProblems(options);
  return spelling.length > 0 ? spelling : [...addressProblems(options), ...versionProblems(options)];
}

/** Misspelt placeholders. */
function spellingProblems(options: HttpStoreOptions): OptionProblem[] {
  return Object.entries(KNOWN).flatMap(([name, known]: [string, readonly string[]]): OptionProblem[] => {
    const request = options[name as keyof typeof KNOWN];
    if (request === undefined) return [];
    try {
      const unknown = placeholdersOf(request).find((placeholder) => !known.includes(placeholder));
      if (unknown === undefined) return [];
      const message = `{{${unknown}}} is not one of its placeholders${known.length === 0 ? '' : `: ${known.join(', ')}`}`;
      return [{ path: [name], message }];
    } catch (error) {
      if (!isRotationError(error)) throw error;
      return [{ path: [name], message: error.context.reason ?? error.message }];
    }
  });
}

function addressProblems({ read, write }: HttpStoreOptions): OptionProblem[] {
  const problems: OptionProblem[] = [];
  const say = (path: string[], message: string): void => void problems.push({ path, message });
  const { named, readsEach, writesEach } = addressingOf({ read, write });
  const whole = mentions(write, 'values');
  if ((read.fields === undefined) === (read.value === undefined))
    say(['read'], 'needs `fields` or `value`, and not both');
  else if (read.fields !== undefined && readsEach)
    say(['read', 'fields'], 'reads all fields at once: leave {{field}} out, or use `value`');
  if (whole === writesEach) say(['write'], 'needs {{value}} or "{{values}}", and not both');
  if (writesEach && named !== mentions(write, 'field'))
    say(
      ['write'],
      named ? 'does not say which {{field}} it writes' : 'names a {{field}} that `read` does not know',
    );
  if (whole && !named) say(['write'], 'has "{{values}}", but a slot is one value: use {{value}}');
  if (whole && mentions(write, 'field')) say(['write'], 'writes all fields at once: leave {{field}} out');
  if (whole && !(typeof write.body === 'object' && holdsMapping(write.body)))
    say(['write', 'body'], 'must be a mapping in which the text "{{values}}" stands by itself');
  if (placeholdersIn(write.path, 'the path').includes('value'))
    say(['write', 'path'], 'must not hold {{value}}: addresses end up in logs');
  return problems;
}

function holdsMapping(json: unknown): boolean {
  if (typeof json === 'string') return /^\{\{\s*values\s*\}\}$/.test(json);
  return typeof json === 'object' && json !== null && Object.values(json).some(holdsMapping);
}

/** A version is told for what was read with it: a slot, or a field. */
function versionProblems({ read, write, restore }: HttpStoreOptions): OptionProblem[] {
  const { named, readsEach, writesEach, tellsVersion } = addressingOf({ read, write });
  const problems: OptionProblem[] = [];
  const say = (path: string, message: string): void => void problems.push({ path: [path], message });
  if (!tellsVersion && restore === undefined) return [];
  if (read.version === undefined) say('read', 'needs `version`, since another request is based on it');
  if (named && readsEach !== writesEach)
    say('write', 'cannot tell {{version}}: `read` and `write` differ in whether they ask for each {{field}}');
  if (restore === undefined) return problems;
  if (write.version === undefined)
    say('write', 'needs `version`: only what is still the pushed one is taken back');
  if (!mentions(restore, 'before')) say('restore', 'does not say which version it brings back: {{before}}');
  if (mentions(restore, 'field') !== readsEach)
    say('restore', 'has to ask for each {{field}} exactly where `read` does');
  return problems;
}
