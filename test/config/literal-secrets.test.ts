import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { inventoryFolder, lines } from './support/inventory-folder.ts';

const secret = `${['PM', 'AK'].join('')}-${randomBytes(24).toString('hex')}`;

async function refusal(text: string): Promise<{ found: string[]; printed: string }> {
  const folder = await inventoryFolder({ 'rotation.config.yaml': text });
  const error = await folder.load().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return {
    found: lines(await folder.problems()),
    printed: `${inspect(error, { depth: 20 })}${JSON.stringify(error)}`,
  };
}

test.each([
  ['the old key', `keys: { ci: { issuer: { type: postman }, current: { value: ${secret} } } }`],
  ['an identity', `sealing: { identity: ${secret} }`],
  ['a passphrase', `sealing: { passphrase: ${secret} }`],
  [
    'an option of a plug-in',
    `stores: { v: { type: vault, address: "https://v.example", token: ${secret} } }`,
  ],
  [
    'an option inside a choice',
    `stores: { v: { type: vault, address: "https://v.example", auth: { method: token, token: ${secret} } } }`,
  ],
])('%s written out is refused and not repeated', async (_what, text) => {
  const { found, printed } = await refusal(`version: 1\n${text}\n`);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain('must be a reference');
  expect(printed).not.toContain(secret);
});

test.each([
  ['as a recipient', `sealing: { recipients: [${secret}] }`],
  ['as a name', `keys: { ci: { issuer: { type: postman }, current: { ${secret}: env:OLD } } }`],
  ['as an unknown field', `stores: { v: { type: vault, address: "https://v.example", ? ${secret} : } }`],
  [
    'as a method',
    `stores: { v: { type: vault, address: "https://v.example", auth: { method: ${secret} } } }`,
  ],
  ['as a number of tries', `stores: { v: { type: files, attempts: ${secret} } }`],
  ['as an alias', `stores: { v: { type: files, token: *${secret} } }`],
  ['as a tag', `stores: { v: { type: files, token: !${secret} x } }`],
  ['where the syntax breaks', `stores:\n  v: "${secret}" ${secret}\n`],
  ['where a quote is not closed', `stores:\n  v: "${secret}\n`],
  ['where indentation breaks', `stores:\n  v:\n    a: b\n   ${secret}: x\n`],
])('a secret that strayed into the file %s is not repeated', async (_where, text) => {
  const { found, printed } = await refusal(`version: 1\n${text}\n`);
  expect(found).not.toEqual([]);
  expect(printed).not.toContain(secret);
});

test.each(['json', 'yaml'])('a broken %s inventory is not quoted', async (kind) => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': `version: 1\ninclude: [more.${kind}]\n`,
    [`more.${kind}`]: `{ "keys": { "ci": ${secret} }`,
  });
  const error = await folder.load().catch((thrown: unknown) => thrown);
  expect(inspect(error, { depth: 20 })).toContain(`more.${kind}:1:`);
  expect(inspect(error, { depth: 20 })).not.toContain(secret);
});
