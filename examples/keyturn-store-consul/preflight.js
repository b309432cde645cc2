// @ts-check
import { isRotationError } from 'keyturn/plugin';
import { keyOf } from './key-of.js';

/** @import { Finding, Slot, SlotReport } from 'keyturn/plugin' */
/** @import { ConsulApi } from './consul-api.js' */

/**
 * Everything that would stop a write or a restore, as far as looking can tell.
 * @param {Slot} slot
 * @param {{ api: ConsulApi, name: string, signal: AbortSignal }} place
 * @returns {Promise<SlotReport>}
 */
export async function preflightKey(slot, { api, name, signal }) {
  const subject = `${name}/${slot.ref}`;
  /** @type {Finding[]} */
  const findings = [];
  /** @type {(severity: Finding['severity'], code: Finding['code'], message: string, hint?: string) => void} */
  const add = (severity, code, message, hint) => {
    findings.push({ severity, code, subject, message, ...(hint === undefined ? {} : { hint }) });
  };
  let restorable = false;

  try {
    const key = keyOf(slot, name);
    const entry = await api.read(key, signal);
    if (entry === undefined) {
      add('error', 'NOT_FOUND', 'there is no such key', 'Make it first (`consul kv put`); keyturn does not.');
    } else {
      restorable = entry.value !== undefined;
      if (!restorable) add('warning', 'NOT_FOUND', 'it is empty: there is no value to go back to');
      if (entry.locked) {
        add('warning', 'CONFLICT', 'a session holds its lock: whoever that is may write to it', 'Ask first.');
      }
      if (!(await api.mayWrite(key, signal))) {
        const hint = `Add \`key "${key}" { policy = "write" }\` to a policy of the token.`;
        add('error', 'PERMISSION_DENIED', 'the token may read it and not write it', hint);
      }
    }
  } catch (error) {
    // What may pass is asked again by keyturn. The rest a person has to see, beside all other findings.
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    add('error', error.code, error.message, error.hint);
  }
  return { findings, restore: restorable ? 'value' : 'none', cas: true };
}
