import { describe } from 'vitest';
import { checks } from '../../src/catalog/checks.gen.ts';
import { checkSuite } from '../../src/testing/check-suite.ts';
import { folderCases } from './support/folder-cases.ts';

/** One suite for every check there is: nobody enrols, nobody can be forgotten. */
describe('check folders', () => folderCases('checks', checks));

for (const [id, load] of Object.entries(checks)) await checkSuite(id, load);
