/** Tokens live 8 minutes unless the server is configured otherwise; then the payload has `exp`. */
const DEFAULT_REFRESH_MS = 5 * 60_000;

/** Share of a stated lifetime after which a token is replaced. */
const REFRESH_AT = 0.85;

/** Milliseconds after which to replace the token; undefined when the document is no token. */
export function refreshAfter(token: unknown): number | undefined {
  if (typeof token !== 'object' || token === null || !('payload' in token)) return undefined;
  if (typeof token.payload !== 'string') return undefined;
  const { iat, exp } = claimsOf(token.payload);
  return iat === undefined || exp === undefined || exp <= iat
    ? DEFAULT_REFRESH_MS
    : (exp - iat) * 1000 * REFRESH_AT;
}

function claimsOf(payload: string): { readonly iat?: number; readonly exp?: number } {
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as unknown;
    if (typeof claims !== 'object' || claims === null) return {};
    return {
      ...('iat' in claims && typeof claims.iat === 'number' ? { iat: claims.iat } : {}),
      ...('exp' in claims && typeof claims.exp === 'number' ? { exp: claims.exp } : {}),
    };
  } catch {
    return {};
  }
}
