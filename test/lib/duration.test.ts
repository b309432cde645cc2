import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/lib/duration.ts';

test.each([
  ['0s', 0],
  ['500ms', 500],
  ['90s', 90_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
])('%s is %d ms, and written the same way again', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
  expect(formatDuration(ms)).toBe(text);
});

test('it is written in the largest unit that divides it', () => {
  expect(formatDuration(86_400_000)).toBe('1d');
  expect(formatDuration(90_000_000)).toBe('25h');
  expect(formatDuration(1500)).toBe('1500ms');
});

test.each(['', '5', 's', '1.5h', '-1s', '1h30m', '5 m', '5M', '1234567890s', '1w'])('%j is none', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
