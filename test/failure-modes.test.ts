import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** How rotation goes wrong elsewhere, and the titles (or parts of them) of the tests that show that it does not here. */
const FAILURE_MODES: Readonly<Record<string, readonly string[]>> = {
  'the live key is deleted to make room, or when saving the new one fails': [
    'deletes the key it made, and no other',
    'names both keys of a full user',
    'lives until somebody approves',
  ],
  'a create whose answer was lost is retried: up to three live keys, one of them known': [
    'ends with exactly one new key',
    'left one key: the orphan, found by its label and removed',
    'was tried once, and leaves an orphan that can be found',
    '$point of $step',
  ],
  'revoking fails after the new key is saved, and the old id is forgotten': [
    'stops with instructions when what it did cannot be taken back',
    'first %o, then %o',
  ],
  'the world is changed before validation: a refused rotation still destroys the key': [
    'is planned without a single effect',
    'looks without touching',
    'looks without touching',
  ],
  'the permission to delete turns out missing after the new key was made': [
    "'UpdateAccessKey', 'DeleteAccessKey'",
  ],
  'an error stops the batch, orphans stay, and a run again makes more keys up to the quota': [
    'takes everything back in reverse',
    'killed right after the push, and resumed',
    'says so before it is asked to make it',
  ],
  'the halves of a pair are updated apart, by delete and add, and checked by name only': [
    'puts the first back when the second is refused',
    'writes a pair in one write, and is done only when it reads back',
    'sends the parts of one slot together',
  ],
  'what cannot be read is restored as an empty string; the target that failed is skipped; copies stay behind':
    [
      'never gets an empty value',
      'takes back a push whose answer was lost',
      'cleans up after one that was killed: its file holds a key',
    ],
  'an empty value is pushed, and called a success': [
    'refuses material with %s, whichever part has it',
    'are never empty',
  ],
  'the new credential goes to the wrong environment, and the old one is deleted': [
    'a store that is not the expected one',
    'and refused when it acts as another principal',
  ],
  'the store is green, and the service runs on with the old value': [
    'is rolled back when the service does not work with the new key',
    'does not take the old instance for the new one',
    'is activated again when a service fails in the watch',
  ],
  'a fresh key is refused for seconds, then now and then': [
    'is not believed for three answers that were not in a row',
    'takes a while to be heard of',
  ],
  'reported as synced although it was not': [
    'that reads back another value is not a success',
    'does not believe a store that says it restored and did not',
  ],
  'two rotations at once: two keys made, orphans': [
    'the second one is told LOCKED (exit 7) and touches nothing',
    'as processes of their own: exactly one has it',
  ],
  'the old value is kept for too long': [
    'leaves no data key behind',
    'over a plan, a failed rotation, one that is rolled back and one to the end',
  ],
  'secrets of others in the same place are deleted or changed': [
    'leaves everything beside the slot as it was',
    'never loses what others wrote beside the slot since the push',
  ],
  'a value that was refused is retried for ever': [
    'what may have had an effect, or will fail again',
    'that does not end fails the step',
  ],
  'the lock lives shorter than the work': [
    'is taken over although its process lives, and is fenced off',
    'the process has been fenced off',
    'writes nothing over what that one has journalled',
  ],
  'a leaked key stays valid until the next cycle': [
    'kills the old key before anything else',
    'never switches it on again',
  ],
  'the only copy of a value that is shown once is lost': [
    'carries the rotation id in its label, and leaves sealed',
    '$point of $step',
  ],
  'secrets in arguments, where every process can read them': [
    'the new key on stdin',
    'no secret is anywhere but in the stores',
  ],
  'jobs in flight die because the old key goes at once': [
    'outlives the process, and is not begun again by looking',
    'during a soak pauses, and the wait goes on without a process',
  ],
  'one secret that fails stops all others': [
    'tells of one that cannot be carried on, and of one whose journal is damaged',
  ],
  'an undo is registered only after success, and its failure swallowed': [
    'is taken back itself when it had an intent',
    'leaves the new key alive, tells which step it was, and takes back the others',
  ],
  'an error of the engine itself undoes a healthy rotation': [
    'in a step undoes nothing, and a resume looks at what became of it',
    'of the journal undoes nothing, whatever code it carries',
  ],
};

/** The suites of the contracts are tests too; they lie where others can use them. */
const FOLDERS = [import.meta.dirname, join(import.meta.dirname, '../src/testing')];

const TESTS = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== basename(import.meta.filename))
    .map((name) => readFileSync(join(folder, name), 'utf8')),
);

describe.each(Object.entries(FAILURE_MODES))('%s', (_mode, titles) => {
  test.each(titles)('%s', (title) => {
    expect(TESTS.some((text) => text.includes(title))).toBe(true);
  });
});
