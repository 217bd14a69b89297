import 'server-only';
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { SESSION_SECRET } from './config';

export const SESSION_COOKIE = 'mj_session';
export const SESSION_DAYS = 30;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';
const sealingKey = createHash('sha256').update(`multi-job-dashboard:${SESSION_SECRET}`).digest();

/** Seal an API key for the cookie: nonce, tag and ciphertext in base64url. */
export function seal(apiKey: string, now = Date.now()): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, sealingKey, nonce);
  const text = JSON.stringify({ key: apiKey, until: now + SESSION_DAYS * 86_400_000 });
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** The key in a cookie; null where it is absent, altered, too old, or sealed with another secret. */
export function unseal(cookie: string | undefined, now = Date.now()): string | null {
  const bytes = Buffer.from(cookie ?? '', 'base64url');
  if (bytes.length <= NONCE_BYTES + TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv(ALGORITHM, sealingKey, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]).toString('utf8');
    const { key, until } = JSON.parse(text) as { key: string; until: number };
    return until > now ? key : null;
  } catch {
    return null;
  }
}
