import { RotationError } from '../../core/errors/rotation-error.ts';
import type { About } from './docker-error.ts';

/**
 * The items of a list, which Go writes as null when there are none. What is missing from one counts as unused.
 * @throws RotationError UNAVAILABLE when the answer is anything else
 */
export function listIn(told: unknown, about: About): readonly unknown[] {
  if (told === null) return [];
  if (Array.isArray(told)) return told as readonly unknown[];
  throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer is not a list' });
}
