import type { StoreTemplate } from './store-template.ts';

export function readmeText({ packageName, id }: StoreTemplate): string {
  return `# ${packageName}

The store \`${id}\` for keyturn.

\`\`\`yaml
version: 1
plugins:
  - "${packageName}"
stores:
  ${id}-prod:
    type: ${id}
    address: https://values.example.com
    token: env:VALUES_TOKEN
\`\`\`

\`ref\` of a target is a path below \`address\`; \`field\` is left out.

## Make it yours

\`\`\`sh
npm install
npm test
\`\`\`

1. \`emulator.js\`: let it speak the protocol of your system, with its errors and its limits.
2. \`options.js\`: what a config has to say.
3. \`store.js\`: read, write and restore. Ask who keyturn acts as (\`whoami\`) and whether it may write (\`preflight\`).
4. \`index.js\`: say what the store can do, and no more. The suite asks for whatever stands there.
5. \`test/store.test.js\`: add what is particular to your system.

Before it is published, name the file from the folder of the config: \`plugins: [./PATH/index.js]\`.

## Permissions

What the token must be allowed to do.

## Limits

What the store does not take, and what it cannot do.
`;
}
