import 'server-only';

// `app/core/net/credentials.py` reads keys by the same rule, for the API and MCP; one table of cases tests both.
const TYPED_KEY = /^[ \t\r\n]*([\x21-\x7e]{1,1024})[ \t\r\n]*$/;

/** A key as a person typed it, without blanks around it; null if it is none. Only such a key is sent to the API. */
export function typedKey(text: unknown): string | null {
  return typeof text === 'string' ? (TYPED_KEY.exec(text)?.[1] ?? null) : null;
}

/**
 * Whether a request brings a credential of its own in a header. This server reads none from there: such a request is
 * not one without a key, so it is not served as one.
 */
export function hasCredential(headers: Headers): boolean {
  return headers.has('authorization') || headers.has('x-api-key');
}
