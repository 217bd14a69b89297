// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { keptCookie, keptOptions, keptSignIn, refusedSignIn } from './oidc';
import { seal } from './session';

describe('what a browser keeps while it is at the provider', () => {
  it('gives back the transaction and the page that follows', () => {
    const kept = { transaction: 'v2:abc:xyz', next: '/runs?status=failed' };
    expect(keptSignIn.open(keptSignIn.seal(kept))).toEqual(kept);
    expect(keptSignIn.seal(kept)).not.toBe(keptSignIn.seal(kept));
  });

  it('is nothing if a single bit of it was changed', () => {
    const bytes = Buffer.from(keptSignIn.seal({ transaction: 'a', next: '/' }), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1;
      expect(keptSignIn.open(altered.toString('base64url'))).toBeNull();
    }
  });

  it('is nothing without a cookie, and with one that was sealed for something else', () => {
    const session = seal(`mjs_abcdefgh2345_${'s'.repeat(43)}`);
    const refused = refusedSignIn.seal({ title: 'a', detail: 'b' });
    for (const cookie of [undefined, '', 'AAAA', 'not base64 !', session, refused]) expect(keptSignIn.open(cookie)).toBeNull();
    expect(refusedSignIn.open(keptSignIn.seal({ transaction: 'a', next: '/' }))).toBeNull();
  });

  it('comes back from another site, and over https no other host of the domain can set it', () => {
    expect(keptOptions(true)).toMatchObject({ httpOnly: true, sameSite: 'lax', secure: true, path: '/' });
    expect(keptCookie('jobs.example.org', true)).toMatch(/^__Host-mj_oidc_\d+$/);
    expect(keptCookie('127.0.0.1:3000', false)).toBe('mj_oidc_3000');
  });
});
