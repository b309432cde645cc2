import { describe, expect, test } from 'vitest';
import { assertTakesNewKey } from '../../src/app/new-key-taker.ts';
import { issuers } from '../../src/catalog/issuers.gen.ts';
import type { PluginCatalog } from '../../src/config/plugin-catalog.ts';

const catalog = { issuers } as unknown as PluginCatalog;
const taker = (type: string) => ({
  issuer: { type, options: {}, timeoutMs: 1_000 },
  hasNewKey: false,
});

describe('a new key that a person brings', () => {
  test.each(Object.entries(issuers))(
    'is taken by %s exactly if a person makes its keys',
    async (type, load) => {
      const { capabilities } = await load();
      const answer = assertTakesNewKey(catalog, taker(type));
      if (capabilities.create === 'assisted') await expect(answer).resolves.toBeUndefined();
      else await expect(answer).rejects.toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 });
    },
  );

  test('says nothing of what is wrong with the config, which tells it better', async () => {
    await expect(assertTakesNewKey(catalog, taker('unheard-of'))).resolves.toBeUndefined();
    await expect(
      assertTakesNewKey(catalog, { issuer: undefined, hasNewKey: false }),
    ).resolves.toBeUndefined();
  });
});
