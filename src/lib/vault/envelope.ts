import { type About, recordIn } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';

type Members = Readonly<Record<string, unknown>>;

/** What Vault puts around all it says. A member of another type than Vault gives it is as good as none. */
interface Envelope {
  readonly data: Members | undefined;
  readonly auth: Members | undefined;
  readonly errors: readonly unknown[] | undefined;
}

/** @throws RotationError UNAVAILABLE (INDETERMINATE for writes) when it is no JSON object */
export function envelopeOf(answer: HttpAnswer, about: About): Envelope {
  const { data, auth, errors } = recordIn(answer, about);
  return {
    data: membersOf(data),
    auth: membersOf(auth),
    errors: Array.isArray(errors) ? errors : undefined,
  };
}

export function membersOf(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Members)
    : undefined;
}
