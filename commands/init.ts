import { boolean as booleanFlag, string as stringFlag } from '@oclif/core/flags';
import type { listCatalog } from '../src/app/catalog-list.ts';
import type { InitRequest } from '../src/app/init/first-answers.ts';
import { KeyturnCommand } from '../src/ui/base-command.ts';
import { withSameConfig } from '../src/ui/next-command.ts';

export default class Init extends KeyturnCommand {
  static override summary = 'Write a first rotation.config.yaml, by asking or from flags.';
  static override description =
    `At a terminal it asks for the key, its issuer, one store and where the key lives. Without one, or with --no-prompt, everything comes from flags. It never overwrites a config, and secrets are never asked for: options take references such as env:VAULT_TOKEN.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --no-prompt --key webhook-signing --issuer generated --set issuer.format=hex --store env=dotenv --target env:.env#WEBHOOK_SECRET',
    `<%= config.bin %> <%= command.id %> --key postman-ci --issuer postman --store vault=hashicorp-vault --set stores.vault.address=https://vault.example.com:8200 --set 'stores.vault.auth={"method":"token","token":"env:VAULT_TOKEN"}' --target vault:secret/ci/postman#api_key --service api-tests --check-url https://api.getpostman.com/me --config ops/rotation.config.yaml`,
  ];
  static override flags = {
    'no-prompt': booleanFlag({
      summary: 'Ask nothing; refuse, and name the flag, where an answer is needed.',
    }),
    key: stringFlag({ summary: 'Name of the first key.' }),
    issuer: stringFlag({ summary: 'Type of its issuer; see `keyturn issuers list`.' }),
    store: stringFlag({ summary: 'A store, by name and type.', multiple: true, helpValue: 'NAME=TYPE' }),
    target: stringFlag({ summary: 'Where the key lives.', multiple: true, helpValue: 'STORE:REF#FIELD' }),
    set: stringFlag({
      summary: 'An option of a store or of the issuer.',
      multiple: true,
      helpValue: 'PATH=VALUE',
    }),
    service: stringFlag({ summary: 'A service that reads the key from those targets.' }),
    'check-url': stringFlag({ summary: 'URL that answers 2xx to the key in X-API-Key.' }),
  };

  async run(): Promise<{ config: string; next: string }> {
    const { flags } = await this.parse(Init);
    const { answersFrom } = await import('../src/app/init/first-answers.ts');
    const { writeFirstConfig } = await import('../src/app/init/write-first-config.ts');
    const { knownPlugins } = await import('../src/app/known-plugins.ts');
    const catalog = await knownPlugins(undefined);
    const asked = await this.complete(catalog, {
      key: flags.key,
      issuer: flags.issuer,
      stores: flags.store ?? [],
      targets: flags.target ?? [],
      options: flags.set ?? [],
      service: flags.service,
      checkUrl: flags['check-url'],
      noPrompt: flags['no-prompt'],
    });
    await writeFirstConfig(flags.config, answersFrom(asked), { catalog, env: process.env });
    const next = withSameConfig(`keyturn plan ${asked.key}`, flags.config);
    this.log(`Written: ${flags.config}, and keyturn.schema.json for your editor.\nNext: ${next}`);
    return { config: flags.config, next };
  }

  private async complete(
    catalog: Parameters<typeof listCatalog>[0],
    given: Parameters<typeof import('../src/ui/ask-first-config.ts').askFirstConfig>[0],
  ): Promise<InitRequest> {
    const { listCatalog } = await import('../src/app/catalog-list.ts');
    const list = (kind: 'issuers' | 'stores') => listCatalog(catalog, kind);
    const { askFirstConfig } = await import('../src/ui/ask-first-config.ts');
    const terminal = process.stdin.isTTY === true && process.stderr.isTTY === true;
    if (given.noPrompt || this.jsonEnabled() || !terminal) return askFirstConfig(given, undefined, list);
    const { terminalPrompter } = await import('../src/ui/prompter.ts');
    return askFirstConfig(
      given,
      terminalPrompter({ signal: new AbortController().signal, interrupt: () => {} }),
      list,
    );
  }
}
