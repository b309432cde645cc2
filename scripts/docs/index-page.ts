import { listCatalog } from '../../src/app/catalog-list.ts';
import { BUILT_IN } from '../../src/catalog/built-in.ts';
import { PLUGIN_KINDS } from '../../src/config/plugin-catalog.ts';
import { code, table } from './markdown.ts';
import { type Page, page } from './page.ts';

const TITLES = {
  stores: 'Stores',
  issuers: 'Issuers',
  checks: 'Checks',
  reloads: 'Reloads',
  notifiers: 'Notifiers',
} as const;

/** The table of contents. */
export async function indexPage(): Promise<Page> {
  const sections = PLUGIN_KINDS.map(async (kind) => {
    const plugins = await listCatalog(BUILT_IN, kind);
    const rows = plugins.map(({ id, summary }) => [`[${code(id)}](${kind}/${id}.md)`, summary]);
    return [`## ${TITLES[kind]}`, table(['Type', ''], rows)];
  });
  return page('README.md', [
    '# Reference',
    'Made from the code: commands, schemas, descriptors and error definitions.',
    '- [Commands](commands.md)\n- [The config](config.md)\n- [Errors](errors.md)\n- [Exit codes](../exit-codes.md)',
    ...(await Promise.all(sections)).flat(),
  ]);
}
