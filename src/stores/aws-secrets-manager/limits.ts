/** Of SecretString, in UTF-8 bytes. */
export const MAX_BYTES = 65_536;

/** Staging labels across all versions of one secret. */
export const MAX_LABELS = 20;
