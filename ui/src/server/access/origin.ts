import 'server-only';
import { createHmac } from 'node:crypto';
import { SESSION_SECRET } from '../config';
import { callerOf } from './exposure';

const HEADER = 'x-multi-job-origin';
const originKey = createHmac('sha256', SESSION_SECRET).update('multi-job origin v2').digest();

/**
 * The header with the user's address and both ends of the browser's connection for the API, with a MAC by the shared
 * secret; empty if the address is unknown. `app/services/api/http/origin.py` verifies it: if the MAC is invalid, it uses
 * our own address, and serves nothing without a key.
 */
export function originHeaders(asked: Headers, method: string, now = Date.now()): Record<string, string> {
  const { address, ends } = callerOf(asked);
  return address === null ? {} : { [HEADER]: signedOrigin(address, ends, method, now) };
}

export function signedOrigin(address: string, ends: string, method: string, now: number): string {
  const seconds = Math.floor(now / 1_000);
  const proof = createHmac('sha256', originKey).update(`${method}\n${seconds}\n${address}\n${ends}`).digest('hex');
  return `${address};${seconds};${ends};${proof}`;
}
