/** Of a value, in bytes, by tier. keyturn moves nothing to another tier: it costs, and there is no way back. */
export const TIER_BYTES: Readonly<Record<string, number>> = { Standard: 4096, Advanced: 8192 };

/** In the largest tier. */
export const MAX_BYTES = 8192;

/** The oldest one is dropped for the next, unless it has a label: then there is no next. */
export const MAX_VERSIONS = 100;
