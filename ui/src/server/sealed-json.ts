import 'server-only';
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { SESSION_SECRET } from './config';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';

/** Seals values for cookies of one purpose: a value of another purpose does not open. */
export class SealedJson<T> {
  private readonly key: Buffer;

  constructor(
    purpose: string,
    private readonly isValid: (value: unknown) => value is T,
  ) {
    this.key = createHash('sha256').update(`multi-job-dashboard:${purpose}:${SESSION_SECRET}`).digest();
  }

  seal(value: T): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, nonce);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** The value in a cookie; null if it is absent, altered, or sealed with another secret. */
  open(cookie: string | undefined): T | null {
    const bytes = Buffer.from(cookie ?? '', 'base64url');
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return null;
    try {
      const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
      const value: unknown = JSON.parse(text);
      return this.isValid(value) ? value : null;
    } catch {
      return null;
    }
  }
}
