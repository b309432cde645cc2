/** A process of its own: gives its entry 25 values, one after the other. Arguments: folder, key. */
import { openStoreAt, slotOf } from './env-folder.ts';
import { secretsOf, writing } from './writes.ts';

const [root, key] = process.argv.slice(2);
if (root === undefined || key === undefined) throw new Error('usage: write-own-key FOLDER KEY');
const store = openStoreAt(root);
for (let round = 1; round <= 25; round += 1) {
  await store.write(slotOf(key), secretsOf({ [key]: `${key}-${round}` }), undefined, writing());
}
