import { describe } from 'vitest';
import { issuers } from '../../src/catalog/issuers.gen.ts';
import { issuerSuite } from '../../src/testing/issuers/issuer-suite.ts';
import { folderCases } from './support/folder-cases.ts';

/** One suite for every issuer there is: nobody enrols, nobody can be forgotten. */
describe('issuer folders', () => folderCases('issuers', issuers));

for (const [id, load] of Object.entries(issuers)) await issuerSuite(id, load);
