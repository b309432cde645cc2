import type { InitRequest } from '../app/init/first-answers.ts';
import { type Prompter, refusePrompt } from './prompter.ts';

/** What there is to choose from. */
type ListPlugins = (kind: 'issuers' | 'stores') => Promise<readonly Choice[]>;

interface Choice {
  readonly id: string;
  readonly title: string;
  /** Of a store: what a ref and a field are there. */
  readonly slot?: { readonly ref: string; readonly field: string };
}

interface Given extends Omit<InitRequest, 'key' | 'issuer'> {
  readonly key: string | undefined;
  readonly issuer: string | undefined;
  readonly noPrompt: boolean;
}

type Ask = (what: string, flag: string, question: (prompter: Prompter) => Promise<string>) => Promise<string>;

/**
 * Completes what flags have said by asking for the rest; the options a type needs are asked for by the config check
 * afterwards, with file and line.
 * @throws RotationError REFUSED naming the flag, when nobody can be asked
 */
export async function askFirstConfig(
  given: Given,
  prompter: Prompter | undefined,
  list: ListPlugins,
): Promise<InitRequest> {
  const ask: Ask = async (what, flag, question) => {
    if (prompter === undefined) throw refusePrompt(what, flag);
    return question(prompter);
  };
  const key =
    given.key ?? (await ask('the name of the key', '--key', (p) => p.text('Name of the key', 'my-key')));
  const issuer =
    given.issuer ??
    (await ask('the issuer', '--issuer', async (p) =>
      p.choose('Who issues it?', await choices('issuers', list)),
    ));
  const stores = given.stores.length > 0 ? given.stores : [await askStore(ask, list)];
  const targets = given.targets.length > 0 ? given.targets : [await askPlace(stores[0] ?? '', ask, list)];
  return { ...given, key, issuer, stores, targets };
}

/** `STORE:REF#FIELD`, asked for with what that is in a store of this kind. */
async function askPlace(store: string, ask: Ask, list: ListPlugins): Promise<string> {
  const [name = '', type = ''] = store.split('=');
  const place = await ask('where the key lives', '--target', async (p) => {
    const slot = (await list('stores')).find(({ id }) => id === type)?.slot;
    const meaning = slot === undefined ? '' : `\n  REF    ${slot.ref}\n  FIELD  ${slot.field}\n `;
    return p.text(`Where in ${name}? (REF#FIELD)${meaning}`, type === 'dotenv' ? '.env#API_KEY' : undefined);
  });
  return `${name}:${place}`;
}

async function askStore(ask: Ask, list: ListPlugins): Promise<string> {
  const type = await ask('a store', '--store', async (p) =>
    p.choose('Where is it stored?', await choices('stores', list)),
  );
  return `${type}=${type}`;
}

async function choices(
  kind: 'issuers' | 'stores',
  list: ListPlugins,
): Promise<{ value: string; name: string }[]> {
  return (await list(kind)).map(({ id, title }) => ({ value: id, name: `${title} (${id})` }));
}
