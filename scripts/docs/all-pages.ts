import { commandsPage } from './commands-page.ts';
import { configPage } from './config-page.ts';
import { errorsPage } from './errors-page.ts';
import { indexPage } from './index-page.ts';
import type { Page } from './page.ts';
import { pluginPages } from './plugin-pages.ts';

/** Everything below `docs/reference/`. The same sources give the same bytes. */
export async function allPages(): Promise<Page[]> {
  return [
    await indexPage(),
    await commandsPage(),
    await configPage(),
    errorsPage(),
    ...(await pluginPages()),
  ];
}
