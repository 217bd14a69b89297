import 'server-only';
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { SESSION_SECRET } from '../config';

/** The maximum lifetime of a cookie: the API decides when a session ends. */
export const COOKIE_SECONDS = 400 * 86_400;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';
const TOKEN = /^mjs_[a-z2-7]+_[A-Za-z0-9_-]+$/;
const sealingKey = createHash('sha256').update(`multi-job-dashboard:${SESSION_SECRET}`).digest();

/**
 * The name of the session's cookie. It contains the dashboard's port, because browsers send cookies to every port of
 * a host: two installations on one machine do not sign each other out.
 */
export function sessionCookie(host: string | null): string {
  const port = /:(\d{1,5})$/.exec(host ?? '')?.[1] ?? process.env.PORT ?? '3000';
  return `mj_session_${port}`;
}

/** How the cookie is kept: no script reads it, and no other site's page makes the browser send it. */
export function sessionOptions(isSecure: boolean) {
  return { httpOnly: true, sameSite: 'strict', secure: isSecure, path: '/', maxAge: COOKIE_SECONDS } as const;
}

/** Seal a session's token for the cookie: nonce, tag and ciphertext in base64url. */
export function seal(token: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, sealingKey, nonce);
  const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** The token in a cookie; null if it is absent, altered, sealed with another secret, or no session's token. */
export function unseal(cookie: string | undefined): string | null {
  const bytes = Buffer.from(cookie ?? '', 'base64url');
  if (bytes.length <= NONCE_BYTES + TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv(ALGORITHM, sealingKey, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const token = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    return TOKEN.test(token) ? token : null;
  } catch {
    return null;
  }
}
