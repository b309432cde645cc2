import { boolean as booleanFlag, integer as integerFlag, option as optionFlag } from '@oclif/core/flags';

/** How a rotation is done, planned or rehearsed. */
export const mannerFlags = {
  mode: optionFlag({
    summary: '`contain` kills a leaked key first and replaces it then.',
    options: ['replace', 'contain'] as const,
    default: 'replace',
  })(),
  concurrency: integerFlag({ summary: 'Targets and services at once.', default: 16, min: 1, max: 512 }),
};

/** What a plan is made of beside the config: what `plan` shows is what `rotate` does with the same flags. */
export const planFlags = {
  deactivate: optionFlag({
    summary: 'When the old key is switched off; `policy.deactivate` of the config by default.',
    options: ['ask', 'now', 'after-soak', 'never'] as const,
  })(),
  ...mannerFlags,
  'accept-drift': booleanFlag({ summary: 'Go on where a target holds another value than the others.' }),
};
