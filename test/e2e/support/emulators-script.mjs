/** Run in a folder of a team: starts the emulators of the plug-ins named in argv, and says where they are. */
import { randomBytes } from 'node:crypto';
import { pathToFileURL } from 'node:url';

const WHOLE = '';
const value = randomBytes(32).toString('hex');
const told = {};
for (const path of process.argv.slice(2)) {
  const [start] = Object.values(await import(pathToFileURL(path).href));
  const emulator = await start();
  await emulator.seed({ ref: 'apps/webhook', fields: [WHOLE] }, { [WHOLE]: value });
  const { address, token } = emulator.options();
  told[path] = { address, token: emulator.resolve(token) };
}
process.stdout.write(`${JSON.stringify(told)}\n`);
