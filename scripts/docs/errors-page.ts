import { ERROR_CODES } from '../../src/core/errors/codes.ts';
import { DEFINITIONS } from '../../src/core/errors/definitions.ts';
import { code, table } from './markdown.ts';
import { type Page, page } from './page.ts';

/** The closed list of errors, from their definitions. */
export function errorsPage(): Page {
  const rows = ERROR_CODES.map((errorCode) => {
    const { retryable, exitCode, describe } = DEFINITIONS[errorCode];
    const { message, hint } = describe({ subject: '…' });
    return [code(errorCode), message, String(exitCode), retryable ? 'yes' : 'no', hint];
  });
  return page('errors.md', [
    '# Errors',
    'An error is printed as `Error [CODE] what happened` and a hint that says what to do next; with `--json` as\n`{"error": {"code", "message", "hint"}}`. Act on the code: it comes from this closed list. The text may change.',
    table(['Code', 'Says', 'Exit', 'Retried', 'Usual hint'], rows),
    'The exit code is the one of a command that ends with this error. An error *within* a rotation does not end the command:\nit is journalled, the rotation is taken back or stops, and the command exits with what became of the rotation. See\n[exit codes](../exit-codes.md).',
    '"Retried" is a promise: the effect certainly did not happen, so that asking again is safe. keyturn then tries again by\nitself, up to `attempts` of the store. A write whose answer was lost is `INDETERMINATE` and is never simply repeated: the\nreal system is looked at first.',
    'Set `KEYTURN_DEBUG=1` to see the stack of an error, redacted as everything else.',
  ]);
}
