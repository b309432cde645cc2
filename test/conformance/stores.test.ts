import { describe } from 'vitest';
import { stores } from '../../src/catalog/stores.gen.ts';
import { storeSuite } from '../../src/testing/stores/store-suite.ts';
import { folderCases } from './support/folder-cases.ts';

/** One suite for every store there is: nobody enrols, nobody can be forgotten. */
describe('store folders', () => folderCases('stores', stores));

for (const [id, load] of Object.entries(stores)) await storeSuite(id, load);
