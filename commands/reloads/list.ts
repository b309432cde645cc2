import { type ListedPlugin, listCatalog } from '../../src/app/catalog-list.ts';
import { PlainCommand } from '../../src/ui/plain-command.ts';

export default class ReloadsList extends PlainCommand {
  static override summary = 'List the ways a service can be made to take up a new key.';
  static override description =
    `A reload runs after the push and before the checks, and is safe to run twice.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
    '<%= config.bin %> <%= command.id %> --no-color',
  ];

  async run(): Promise<{ reloads: ListedPlugin<'reloads'>[] }> {
    await this.parse(ReloadsList);
    const reloads = await listCatalog('reloads');
    this.logTable(
      [{ title: 'ID' }, { title: 'TITLE' }, { title: 'SUMMARY', flexible: true }],
      reloads.map(({ id, title, summary }) => [id, title, summary]),
    );
    return { reloads };
  }
}
