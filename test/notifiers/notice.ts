import { tmpdir } from 'node:os';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { OpenContext } from '../../src/core/plugins/contexts.ts';
import type { Notice } from '../../src/core/plugins/notifier.ts';
import { Secret } from '../../src/core/secret.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';

export const NOTICE: Notice = {
  event: 'done',
  rotationId: 'r20310102-030405-abc123',
  key: 'postman-ci',
  at: '2031-01-02T03:04:05.000Z',
  message: 'The key was rotated: naïve “quotes” and all',
  live: ['new key: live'],
  next: [],
};

/** `references` answers what the options refer to. */
export function openContext(
  references: Readonly<Record<string, string>> = {},
  timeoutMs = 20_000,
): OpenContext {
  const nobody = (): Promise<never> => Promise.reject(new Error('nobody was expected to be asked'));
  return {
    name: 'notifier on-call',
    baseDir: tmpdir(),
    clock: virtualClock(Date.parse(NOTICE.at)),
    timeoutMs,
    operator: { provideCredential: nobody, confirmDone: nobody },
    resolve: async (reference) => {
      const value = references[reference];
      if (value === undefined) throw new RotationError('CONFIG_INVALID', { subject: reference });
      return new Secret(value);
    },
  };
}
