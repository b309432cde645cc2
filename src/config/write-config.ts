import type { Fields } from '../core/credential.ts';
import { VALUE_PART } from '../core/credential.ts';
import type { JsonObject } from '../core/json.ts';
import { WHOLE } from '../core/plugins/store.ts';
import { DEFAULTS } from './defaults.ts';

export interface FirstTarget {
  readonly store: string;
  readonly ref: string;
  /** Field of the slot ('' for the slot as a whole) → part of the credential. */
  readonly fields: Fields<string>;
}

/** What a person has said about the first key. Options hold references, never secrets. */
export interface FirstConfigAnswers {
  /** What the editor's comment points at, relative to the config. */
  readonly schema: string;
  readonly stores: readonly { readonly name: string; readonly type: string; readonly options: JsonObject }[];
  readonly key: string;
  readonly issuer: { readonly type: string; readonly options: JsonObject };
  /** Slots that hold the key and that no service below names. */
  readonly targets: readonly FirstTarget[];
  readonly services: readonly {
    readonly name: string;
    readonly owner?: string;
    readonly from: readonly FirstTarget[];
    readonly checks: readonly { readonly type: string; readonly options: JsonObject }[];
  }[];
}

/** The text of a first `rotation.config.yaml`: what was answered, and comments that show what else there is. */
export async function renderFirstConfig(answers: FirstConfigAnswers): Promise<string> {
  const { stringify } = await import('yaml');
  const yaml = (content: unknown): string =>
    stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
  const stores = Object.fromEntries(
    answers.stores.map(({ name, type, options }) => [name, { type, ...options }]),
  );
  const sections = [
    `# yaml-language-server: $schema=${answers.schema}`,
    `${INTRODUCTION}\n${yaml({ version: 1 })}`,
    `${SETTINGS}\n`,
    `${STORES}\n${yaml({ stores })}`,
    `${KEYS}\n${yaml({ keys: { [answers.key]: firstKey(answers) } })}${POLICY}\n`,
  ];
  if (answers.services.length === 0) return `${sections.join('\n')}\n${SERVICES}\n${yaml({ services: {} })}`;
  return `${sections.join('\n')}\n${SERVICES}\n${yaml({ services: firstServices(answers) })}`;
}

function firstKey({ issuer, targets }: FirstConfigAnswers): JsonObject {
  const use = { issuer: { type: issuer.type, ...issuer.options } };
  return targets.length === 0 ? use : { ...use, targets: targets.map(shortTarget) };
}

function firstServices(answers: FirstConfigAnswers): JsonObject {
  const services = answers.services.map(({ name, owner, from, checks }): [string, JsonObject] => [
    name,
    {
      ...(owner === undefined ? {} : { owner }),
      uses: [{ key: answers.key, ...(from.length === 0 ? {} : { from: from.map(shortTarget) }) }],
      ...(checks.length === 0 ? {} : { checks: checks.map(({ type, options }) => ({ type, ...options })) }),
    },
  ]);
  return Object.fromEntries(services);
}

function shortTarget({ store, ref, fields }: FirstTarget): JsonObject {
  const [[field, part] = [WHOLE, VALUE_PART], ...others] = Object.entries(fields);
  if (others.length > 0 || part !== VALUE_PART) return { store, ref, fields };
  return field === WHOLE ? { store, ref } : { store, ref, field };
}

const INTRODUCTION = `# What keyturn rotates, and where it lives. No secret belongs in this file: where one is needed, write where it
# comes from (env:NAME, file:PATH or exec:COMMAND).`;

const SETTINGS = `# Waves are done in this order; what names no wave belongs to the last.
# waves: [${DEFAULTS.waves.join(', ')}]
# Journals and locks are kept here. Do not commit this folder.
# state: ${DEFAULTS.state}
# A long inventory can be split over files:
# include: [inventory/**/*.yaml]`;

const STORES = `# Where secrets are kept. 'expect' makes sure that it is the right account before anything is written:
#   expect: { account: "123456789012" }`;

const KEYS = `# The keys that are rotated, and the slots that hold them. A slot is a store, a place in it (ref), and a field.`;

const { policy } = DEFAULTS;
const POLICY = `    # What happens to the old key; these are the defaults:
    # policy:
    #   deactivate: ${policy.deactivate} # or: now, after-soak, never
    #   soak: ${policy.soak} # wait before the decision to deactivate
    #   watch: { for: ${policy.watchFor}, every: ${policy.watchEvery} } # repeat the checks after it
    #   grace: ${policy.grace} # wait before the deletion
    #   delete: ${policy.delete} # a deletion cannot be undone
    #   maxTargets: ${policy.maxTargets} # more than this is refused`;

const SERVICES = `# What depends on a key: who owns it, where it reads the key, how it takes up a new one, what proves that it works.
#   wave: canary
#   reload: { type: command, command: [systemctl, reload, checkout] }`;
