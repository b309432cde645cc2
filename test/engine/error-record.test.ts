import { describe, expect, it } from 'vitest';
import { AwaitSignal } from '../../src/core/await-signal.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { recordOf } from '../../src/engine/error-record.ts';

const value = `kt-${'v'.repeat(24)}`;
const redact = (text: string): string => text.replaceAll(value, '***');

describe('what is kept of an error in the journal', () => {
  it('is the code, the sentence and the next step of one of ours, redacted', () => {
    const error = new RotationError('DRIFT', { subject: `x ${value}`, hint: `look at ${value}` });
    expect(recordOf(error, redact)).toEqual({
      code: 'DRIFT',
      message: 'x *** is not what it was',
      hint: 'look at ***',
    });
  });

  it('is what a person has to do, where a step waits for one', () => {
    const signal = new AwaitSignal('the key is needed', {
      instructions: [`Open ${value}.`, 'Copy the key.'],
      next: 'keyturn resume',
    });
    expect(recordOf(signal, redact)).toEqual({
      code: 'REFUSED',
      message: 'the key is needed\nOpen ***.\nCopy the key.',
      hint: 'keyturn resume',
    });
  });

  it.each([
    ['an error that is none of ours', new TypeError(`no ${value}`), 'TypeError: no ***'],
    ['a text that was thrown', `thrown ${value}`, 'thrown ***'],
    ['nothing at all', undefined, 'undefined'],
  ])('names a defect for %s', (_what, thrown, reason) => {
    const { code, message } = recordOf(thrown, redact);
    expect([code, message]).toEqual(['INTERNAL', `a step hit a defect: ${reason}`]);
  });

  it('is not longer than a line of a journal may be', () => {
    const long = new RotationError('UNAVAILABLE', { subject: 'x', reason: 'y'.repeat(5000) });
    expect(recordOf(long, redact).message).toHaveLength(2000);
    expect(recordOf(new Error('y'.repeat(5000)), redact).message).toHaveLength(2000);
  });
});
