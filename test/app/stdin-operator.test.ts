import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  absentOperator,
  confirmingOperator,
  parseCredential,
  stdinOperator,
} from '../../src/app/stdin-operator.ts';
import { AwaitSignal } from '../../src/core/await-signal.ts';

const task = { title: 'Make a key', instructions: ['Open the page.'] };
const signal = new AbortController().signal;
const ONE = [{ name: 'value', label: 'New key' }];
const PAIR = [
  { name: 'username', label: 'User name' },
  { name: 'password', label: 'Password' },
];
const secret = randomBytes(12).toString('hex');
const given = (text: string, parts = ONE) =>
  Object.entries(parseCredential(text, parts)).map(([part, value]) => [part, value.reveal()]);

describe('a new key on stdin', () => {
  it.each([
    [`${secret}\n`, secret],
    [`${secret}\r\n`, secret],
    [secret, secret],
    [`${secret}\n\n`, `${secret}\n`],
    [` ${secret}`, ` ${secret}`],
    [`{"value":"${secret}"}`, `{"value":"${secret}"}`],
  ])('is the text but for one line end: %j', (text, value) => {
    expect(given(text)).toEqual([['value', value]]);
  });

  it('of several parts is a JSON object with each of them, and others are left out', () => {
    const text = JSON.stringify({ password: secret, username: 'ann', note: 'x' });
    expect(given(`${text}\n`, PAIR)).toEqual([
      ['username', 'ann'],
      ['password', secret],
    ]);
  });

  it.each([
    ['', ONE, 'value is empty'],
    ['\n', ONE, 'value is empty'],
    [secret, PAIR, 'it is not a JSON object with username and password'],
    [`["${secret}"]`, PAIR, 'username is empty'],
    [`"${secret}"`, PAIR, 'it is not a JSON object with username and password'],
    ['null', PAIR, 'it is not a JSON object with username and password'],
    [`{"username":"ann","password":""}`, PAIR, 'password is empty'],
    [`{"username":"ann","passwrod":"${secret}"}`, PAIR, 'password is empty'],
    [`{"username":7,"password":"${secret}"}`, PAIR, 'username is empty'],
  ])('that is none is refused and not repeated: %j', (text, parts, reason) => {
    const attempt = () => parseCredential(text, parts);
    expect(attempt).toThrow(expect.objectContaining({ code: 'REFUSED' }));
    expect(attempt).toThrow(reason);
    expect(attempt).not.toThrow(secret);
  });

  it('is let go only when it has passed the check of whoever asks', async () => {
    const refusal = new Error('it is the old one');
    const operator = stdinOperator(async () => secret, absentOperator);
    const call = { signal, check: () => Promise.reject(refusal) };
    await expect(operator.provideCredential(task, ONE, call)).rejects.toBe(refusal);
    const accepted = await operator.provideCredential(task, ONE, { signal, check: async () => {} });
    expect(accepted['value']?.reveal()).toBe(secret);
  });
});

describe('where nobody is', () => {
  const waiting = (attempt: Promise<unknown>) =>
    attempt.then(
      () => expect.fail('it waits for nobody'),
      (thrown: unknown) => thrown as AwaitSignal,
    );

  it('a deed waits for a person, with the clicks, the page and the command', async () => {
    const told = await waiting(absentOperator.confirmDone({ ...task, url: 'https://x.example' }, { signal }));
    expect(told).toBeInstanceOf(AwaitSignal);
    expect(told).toMatchObject({
      message: 'Make a key: a person has to do this',
      instructions: ['Open the page.', 'https://x.example'],
      next: 'keyturn resume ROTATION --confirm-done',
    });
    const bare = await waiting(
      absentOperator.provideCredential(task, ONE, { signal, check: async () => {} }),
    );
    expect(bare).toMatchObject({
      instructions: ['Open the page.'],
      next: 'keyturn resume ROTATION --new-key-stdin',
    });
  });

  it('what was said to be done is done, but no key comes of it', async () => {
    await confirmingOperator.confirmDone(task, { signal });
    expect(
      await waiting(confirmingOperator.provideCredential(task, ONE, { signal, check: async () => {} })),
    ).toBeInstanceOf(AwaitSignal);
  });
});
