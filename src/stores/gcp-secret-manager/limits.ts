/** Of a payload. */
export const MAX_BYTES = 65_536;

export const LIMIT = { bytes: MAX_BYTES, of: 'Secret Manager' } as const;
