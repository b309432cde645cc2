export function optionsText(): string {
  return `// @ts-check
import { defineOptions } from 'keyturn/plugin';

// Strict, and every field described: both are shown to whoever writes the config. A credential is a reference, never
// the secret itself.
export const loadOptions = defineOptions((z, { address, reference }) =>
  z.strictObject({
    address: address.describe('URL that the values are below.'),
    token: reference.describe('Token to read and write with.'),
  }),
);

/** @typedef {import('keyturn/plugin').OptionsOf<typeof loadOptions>} Options */
`;
}
