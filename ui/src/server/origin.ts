import 'server-only';
import { createHmac } from 'node:crypto';
import { SESSION_SECRET } from './config';
import { callerOf } from './exposure';

const HEADER = 'x-multi-job-origin';
const originKey = createHmac('sha256', SESSION_SECRET).update('multi-job origin v1').digest();

/**
 * The header with the user's address for the API, with a MAC by the shared secret; empty if the address is unknown.
 * `app/services/api/http/audit.py` verifies it and uses our own address if the MAC is invalid.
 */
export function originHeaders(asked: Headers, method: string, now = Date.now()): Record<string, string> {
  const { address } = callerOf(asked);
  return address === null ? {} : { [HEADER]: signedOrigin(address, method, now) };
}

export function signedOrigin(address: string, method: string, now: number): string {
  const seconds = Math.floor(now / 1_000);
  const proof = createHmac('sha256', originKey).update(`${method}\n${seconds}\n${address}`).digest('hex');
  return `${address};${seconds};${proof}`;
}
