import { timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';
import { fingerprintOf } from './fingerprint.ts';

/**
 * A plaintext value in memory. Everything that turns an object into text (`String`, `JSON.stringify`,
 * `util.inspect`, template literals) gives its fingerprint; only `reveal()` gives the value.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    if (value === '') throw new TypeError('a Secret cannot be empty');
    this.#value = value;
    onCreated?.(value);
  }

  /** The plaintext. Call it as late as possible, and never keep the answer. */
  reveal(): string {
    return this.#value;
  }

  fingerprint(): string {
    return fingerprintOf(this.#value);
  }

  /** UTF-8 bytes. */
  byteLength(): number {
    return Buffer.byteLength(this.#value, 'utf8');
  }

  equals(other: Secret): boolean {
    const left = Buffer.from(this.#value, 'utf8');
    const right = Buffer.from(other.#value, 'utf8');
    return left.length === right.length && timingSafeEqual(left, right);
  }

  toString(): string {
    return this.fingerprint();
  }

  toJSON(): string {
    return this.fingerprint();
  }

  [inspect.custom](): string {
    return `Secret(${this.fingerprint()})`;
  }
}

let onCreated: ((value: string) => void) | undefined;

/** The redactor registers here, so that no value can exist that it does not know. */
export function observeSecrets(observer: ((value: string) => void) | undefined): void {
  onCreated = observer;
}
