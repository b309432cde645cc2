/** Of a value: Azure documents 25 KB. */
export const MAX_BYTES = 25_600;

export const LIMIT = { bytes: MAX_BYTES, of: 'Key Vault' } as const;
