// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { seal, sessionCookie, unseal } from './session';

const TOKEN = `mjs_abcdefgh2345_${'s'.repeat(43)}`;

describe('the sealed session', () => {
  it('gives back the token that it was made from, and shows nothing of it', () => {
    const cookie = seal(TOKEN);
    expect(unseal(cookie)).toBe(TOKEN);
    expect(Buffer.from(cookie, 'base64url').toString('latin1')).not.toContain('sss');
    expect(seal(TOKEN)).not.toBe(cookie);
  });

  it('is nothing if a single bit of it was changed', () => {
    const bytes = Buffer.from(seal(TOKEN), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1;
      expect(unseal(altered.toString('base64url'))).toBeNull();
    }
  });

  it('is nothing without a cookie, with a foreign one, and with one that holds an API key', () => {
    for (const cookie of [undefined, '', 'AAAA', 'not base64 !', seal('mj_abcdefgh_x'), seal('{"key":"mj_a","until":1}')]) {
      expect(unseal(cookie)).toBeNull();
    }
  });
});

describe('the cookie’s name', () => {
  it('has the port that the browser uses', () => {
    expect(sessionCookie('127.0.0.1:3001')).toBe('mj_session_3001');
    expect(sessionCookie('localhost:3000')).not.toBe(sessionCookie('localhost:3001'));
    expect(sessionCookie('[::1]:3002')).toBe('mj_session_3002');
  });

  it('has the dashboard’s own port behind a name without one', () => {
    expect(sessionCookie('jobs.example.com')).toBe(`mj_session_${process.env.PORT ?? 3000}`);
  });
});
