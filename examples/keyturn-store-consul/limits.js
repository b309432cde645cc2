// @ts-check

/** `kv_max_value_size` as it comes: 512 KiB. An agent may be configured to take less or more. */
export const MAX_BYTES = 512 * 1024;
