import type { Finding } from '../../core/finding.ts';
import { CURRENT, countLabels, holderOf, PENDING } from './labels.ts';
import { MAX_LABELS } from './limits.ts';
import type { SecretDescription } from './secrets-api.ts';

/** The labels of a push, at its height. */
const NEEDED_LABELS = 2;

interface Rule {
  readonly code: Finding['code'];
  readonly applies: (secret: SecretDescription, region: string) => boolean;
  readonly message: (secret: SecretDescription) => string;
  readonly hint: string;
}

/** States of a secret in which a push would fail, or would fight with somebody else's rotation. */
const RULES: readonly Rule[] = [
  {
    code: 'REFUSED',
    applies: (secret) => secret.deletedAt !== undefined,
    message: (secret) => `it is marked for deletion since ${secret.deletedAt}`,
    hint: 'Restore it (`aws secretsmanager restore-secret`) or remove the target.',
  },
  {
    code: 'REFUSED',
    applies: (secret) => secret.owningService !== undefined,
    message: (secret) => `the AWS service ${secret.owningService} manages it`,
    hint: 'Rotate it in that service.',
  },
  {
    code: 'REFUSED',
    applies: (secret) => secret.rotationEnabled,
    message: () => 'its own rotation by a Lambda function is switched on',
    hint: 'Two rotations of one secret undo each other: `aws secretsmanager cancel-rotate-secret` first.',
  },
  {
    code: 'REFUSED',
    applies: ({ labels }) => {
      const pending = holderOf(labels, PENDING);
      return pending !== undefined && pending !== holderOf(labels, CURRENT);
    },
    message: ({ labels }) =>
      `a rotation is under way or has failed: ${PENDING} is on version ${holderOf(labels, PENDING)}`,
    hint: `Let it finish, or take ${PENDING} off that version (\`update-secret-version-stage\`).`,
  },
  {
    code: 'REFUSED',
    applies: (secret, region) => secret.primaryRegion !== undefined && secret.primaryRegion !== region,
    message: (secret) => `it is a replica; the secret itself is in ${secret.primaryRegion}`,
    hint: 'Write to the primary region: a replica follows by itself.',
  },
  {
    code: 'NOT_FOUND',
    applies: ({ labels }) => holderOf(labels, CURRENT) === undefined,
    message: () => 'it has no current value',
    hint: 'Give it a first value (`aws secretsmanager put-secret-value`).',
  },
  {
    code: 'LIMIT_REACHED',
    applies: ({ labels }) => countLabels(labels) + NEEDED_LABELS > MAX_LABELS,
    message: ({ labels }) =>
      `it has ${countLabels(labels)} of ${MAX_LABELS} staging labels; a push needs ${NEEDED_LABELS}`,
    hint: 'Remove labels that nobody uses (`aws secretsmanager update-secret-version-stage`).',
  },
];

export function stateFindings(secret: SecretDescription, subject: string, region: string): Finding[] {
  return RULES.filter((rule) => rule.applies(secret, region)).map((rule) => ({
    severity: 'error',
    code: rule.code,
    subject,
    message: rule.message(secret),
    hint: rule.hint,
  }));
}
