import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NotifierEmulator } from '../../src/core/plugins/emulator.ts';
import { startSlackEmulator } from '../../src/notifiers/slack/emulator.ts';
import { openSlackNotifier } from '../../src/notifiers/slack/slack-notifier.ts';
import { NOTICE, openContext } from './notice.ts';

const WEBHOOK = 'env:WEBHOOK';
let slack: NotifierEmulator;
beforeEach(async () => {
  slack = await startSlackEmulator();
});
afterEach(() => slack.stop());

test('a page of mark-up that a system has quoted is told, cut between two characters', async () => {
  const url = slack.resolve(String(slack.options()['webhook'])) ?? '';
  const notifier = await openSlackNotifier({ webhook: WEBHOOK }, openContext({ [WEBHOOK]: url }));
  await notifier.notify(
    { ...NOTICE, message: '&<&>'.repeat(1000) },
    { signal: new AbortController().signal },
  );
  expect(slack.received()).toEqual([expect.stringMatching(/(&<&>)+(&<?&?)?…"/)]);
});
