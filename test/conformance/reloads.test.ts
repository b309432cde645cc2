import { describe } from 'vitest';
import { reloads } from '../../src/catalog/reloads.gen.ts';
import { reloadSuite } from '../../src/testing/reload-suite.ts';
import { folderCases } from './support/folder-cases.ts';

/** One suite for every reload there is: nobody enrols, nobody can be forgotten. */
describe('reload folders', () => folderCases('reloads', reloads));

for (const [id, load] of Object.entries(reloads)) await reloadSuite(id, load);
