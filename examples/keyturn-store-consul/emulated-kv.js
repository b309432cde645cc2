// @ts-check

/**
 * @typedef {object} EmulatedEntry
 * @property {string | Buffer} value
 * @property {string} flags
 * @property {number} createIndex
 * @property {number} modifyIndex
 * @property {number} lockIndex
 * @property {string | undefined} session
 */

/** The keys of an emulated Consul, numbered as Raft does it: one index for all of them, at each change the next. */
export function createEmulatedKv() {
  /** @type {Map<string, EmulatedEntry>} */
  const entries = new Map();
  let lastIndex = 11;

  return {
    /** @param {string} key */
    get: (key) => entries.get(key),

    /**
     * What `PUT /v1/kv/KEY` does. What is there already makes no new index; a session keeps its lock.
     * @param {string} key
     * @param {{ value: string | Buffer, flags: string, cas: number | undefined }} wish
     */
    set: (key, { value, flags, cas }) => {
      const now = entries.get(key);
      if (cas !== undefined && cas !== (now?.modifyIndex ?? 0)) return false;
      if (now?.value === value && now.flags === flags) return true;
      lastIndex += 1;
      const made = { createIndex: lastIndex, lockIndex: 0, session: undefined };
      entries.set(key, { ...made, ...now, value, flags, modifyIndex: lastIndex });
      return true;
    },

    /** @param {string} key */
    remove: (key) => {
      entries.delete(key);
    },

    /**
     * A session takes the lock of a key.
     * @param {string} key
     * @param {string} session
     */
    lock: (key, session) => {
      const now = entries.get(key);
      if (now !== undefined) entries.set(key, { ...now, session, lockIndex: now.lockIndex + 1 });
    },

    /**
     * Everything there is but the value of one key, as text to compare.
     * @param {string} key
     */
    beside: (key) => {
      const all = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
      return JSON.stringify(
        all.map(([name, entry]) => [name, name === key ? { ...entry, value: '', modifyIndex: 0 } : entry]),
      );
    },
  };
}

/** @typedef {ReturnType<typeof createEmulatedKv>} EmulatedKv */
