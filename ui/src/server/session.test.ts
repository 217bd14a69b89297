// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { SESSION_DAYS, seal, unseal } from './session';

const NOW = 1_795_000_000_000;

describe('the sealed session', () => {
  it('gives back the key that it was made from, and shows nothing of it', () => {
    const cookie = seal('mj_abc.secret', NOW);
    expect(unseal(cookie, NOW)).toBe('mj_abc.secret');
    expect(Buffer.from(cookie, 'base64url').toString('latin1')).not.toContain('secret');
    expect(seal('mj_abc.secret', NOW)).not.toBe(cookie);
  });

  it('is nothing where a single bit of it was changed', () => {
    const bytes = Buffer.from(seal('key', NOW), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1;
      expect(unseal(altered.toString('base64url'), NOW)).toBeNull();
    }
  });

  it('ends after its time, and is nothing without a cookie or with a foreign one', () => {
    expect(unseal(seal('key', NOW), NOW + SESSION_DAYS * 86_400_000)).toBeNull();
    expect(unseal(undefined, NOW)).toBeNull();
    expect(unseal('AAAA', NOW)).toBeNull();
    expect(unseal('not base64 !', NOW)).toBeNull();
  });
});
