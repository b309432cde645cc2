import { RotationError } from '../../core/errors/rotation-error.ts';

/** Of a request, what has to be looked at. */
interface Sendable {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly action: string;
}

/** What a request target may hold; everything else has to be percent-encoded by who makes the path. */
const TARGET = /^(?:\/[\x21-\x7e]*)?$/;

const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:[/?]|$)/i;

/** Latin-1 without control characters and without white space around it. */
const HEADER_VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;

/**
 * Refuses what the HTTP library would send in another shape than it was given: it drops characters from headers
 * (a credential with a line break arrives as another credential) and folds `..` in paths. Quotes nothing: paths
 * and headers hold secrets.
 * @throws RotationError REFUSED before anything is sent
 */
export function refuseUnsendable(request: Sendable, subject: string): void {
  const refuse = (reason: string, hint: string): RotationError =>
    new RotationError('REFUSED', { subject, action: request.action, reason, hint });

  if (!TARGET.test(request.path) || /[#\\]/.test(request.path) || DOT_SEGMENT.test(request.path)) {
    throw refuse(
      'the path of the request holds what a URL cannot carry as it is',
      'Check the `ref` for spaces, `#`, `..` and the like.',
    );
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (HEADER_VALUE.test(value)) continue;
    throw refuse(
      `the value of the header ${name} holds characters that a header cannot carry`,
      'Check the credential for line breaks, white space around it and characters beyond Latin-1.',
    );
  }
}
