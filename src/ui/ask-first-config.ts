import type { InitRequest } from '../app/init/first-answers.ts';
import { type Prompter, refusePrompt } from './prompter.ts';

/** What there is to choose from. */
type ListPlugins = (
  kind: 'issuers' | 'stores',
) => Promise<readonly { readonly id: string; readonly title: string }[]>;

interface Given extends Omit<InitRequest, 'key' | 'issuer'> {
  readonly key: string | undefined;
  readonly issuer: string | undefined;
  readonly noPrompt: boolean;
}

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
  const ask = async (
    what: string,
    flag: string,
    question: (prompter: Prompter) => Promise<string>,
  ): Promise<string> => {
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
  const first = stores.slice(0, 1).join().replace(/=.*/, '');
  const targets =
    given.targets.length > 0
      ? given.targets
      : [
          `${first}:${await ask('where the key lives', '--target', (p) => p.text(`Where in ${first}? (REF#FIELD)`, '.env#API_KEY'))}`,
        ];
  return { ...given, key, issuer, stores, targets };
}

async function askStore(
  ask: (what: string, flag: string, question: (prompter: Prompter) => Promise<string>) => Promise<string>,
  list: ListPlugins,
): Promise<string> {
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
