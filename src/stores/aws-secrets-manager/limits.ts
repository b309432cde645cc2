/** Of SecretString, in UTF-8 bytes. */
export const MAX_BYTES = 65_536;

export const LIMIT = { bytes: MAX_BYTES, of: 'Secrets Manager' } as const;

/** Staging labels across all versions of one secret. */
export const MAX_LABELS = 20;
