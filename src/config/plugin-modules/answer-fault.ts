import { Secret } from '../../core/secret.ts';
import type { PluginKind } from '../plugin-catalog.ts';

type Answer = 'object' | 'list' | 'at once';

/** What the engine takes apart without a look. The rest may be nothing. */
const ANSWERS: Readonly<Record<PluginKind, Readonly<Record<string, Answer>>>> = {
  stores: { whoami: 'object', preflight: 'object', write: 'object' },
  issuers: {
    preflight: 'list',
    keyIdOf: 'at once',
    validate: 'at once',
    identify: 'object',
    listKeys: 'list',
    createKey: 'object',
    lastUsed: 'object',
  },
  checks: { run: 'object' },
  reloads: {},
  notifiers: {},
};

/** Whether a method has to answer without a promise, which nobody would wait for. */
export function answersAtOnce(kind: PluginKind, method: string): boolean {
  return ANSWERS[kind][method] === 'at once';
}

/** What keeps an answer from being used; undefined when nothing does. */
export function answerFault(kind: PluginKind, method: string, answer: unknown): string | undefined {
  const due = ANSWERS[kind][method];
  if (due === 'list' && !Array.isArray(answer)) return 'it gave no list';
  if (due === 'object' && (typeof answer !== 'object' || answer === null)) return 'it gave no object';
  if (!HOLDS_SECRETS.has(method) && !isJson(answer)) return 'it gave what JSON cannot hold';
  const secret = valuesIn(method, answer).every((value) => value instanceof Secret);
  return secret ? undefined : 'it gave a value that is no Secret of keyturn/plugin';
}

const HOLDS_SECRETS = new Set(['read', 'createKey']);

/** Of a step the answer goes into the journal; one that is not to be written would look like a defect of ours there. */
function isJson(answer: unknown): boolean {
  try {
    JSON.stringify(answer);
    return true;
  } catch {
    return false;
  }
}

/** The values of a key that an answer holds. */
function valuesIn(method: string, answer: unknown): readonly unknown[] {
  const { fields, credential } = (answer ?? {}) as { fields?: object; credential?: object };
  if (method === 'read') return answer === undefined ? [] : partsOf(fields);
  return method === 'createKey' ? partsOf(credential) : [];
}

/** Of what has no parts, the thing itself, which is no Secret in an object. */
function partsOf(fields: unknown): readonly unknown[] {
  return typeof fields === 'object' && fields !== null ? Object.values(fields) : [fields];
}
