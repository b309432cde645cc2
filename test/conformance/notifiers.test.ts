import { describe } from 'vitest';
import { notifiers } from '../../src/catalog/notifiers.gen.ts';
import { notifierSuite } from '../../src/testing/notifier-suite.ts';
import { folderCases } from './support/folder-cases.ts';

/** One suite for every notifier there is: nobody enrols, nobody can be forgotten. */
describe('notifier folders', () => folderCases('notifiers', notifiers));

for (const [id, load] of Object.entries(notifiers)) await notifierSuite(id, load);
