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

function addressProblems(options: HttpStoreOptions): OptionProblem[] {
  const { write } = options;
  const problems = options.writeOnly ? blindReadProblems(options) : readProblems(options);
  const say = (path: string[], message: string): void => void problems.push({ path, message });
  const { named, writesEach } = addressingOf(options);
  const whole = mentions(write, 'values');
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

function readProblems(options: HttpStoreOptions): OptionProblem[] {
  const { read } = options;
  if ((read.fields === undefined) === (read.value === undefined))
    return [{ path: ['read'], message: 'needs `fields` or `value`, and not both' }];
  if (read.fields === undefined || !addressingOf(options).readsEach) return [];
  const message = 'reads all fields at once: leave {{field}} out, or use `value`';
  return [{ path: ['read', 'fields'], message }];
}

/** Of an API that shows no values. */
function blindReadProblems(options: HttpStoreOptions): OptionProblem[] {
  const { read } = options;
  const { named, readsEach } = addressingOf(options);
  const problems: OptionProblem[] = [];
  if (read.value !== undefined)
    problems.push({ path: ['read', 'value'], message: 'is shown to nobody, as `writeOnly` says' });
  if (read.fields !== undefined && (readsEach || !named))
    problems.push({
      path: ['read', 'fields'],
      message: 'tells the names of fields that are written together',
    });
  if (readsEach && !named)
    problems.push({ path: ['read'], message: 'names a {{field}} that `write` does not know' });
  return problems;
}

function holdsMapping(json: unknown): boolean {
  if (typeof json === 'string') return /^\{\{\s*values\s*\}\}$/.test(json);
  return typeof json === 'object' && json !== null && Object.values(json).some(holdsMapping);
}

/** A version is told for what was read with it: a slot, or a field. */
function versionProblems(options: HttpStoreOptions): OptionProblem[] {
  const { read, write, restore } = options;
  const { named, readsEach, writesEach, tellsVersion } = addressingOf(options);
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
