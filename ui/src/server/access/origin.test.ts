// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { originOf, proxiesOf } from '../../../scripts/proxies.mjs';
import { signedOrigin } from './origin';

const TRUSTED = proxiesOf('10.0.0.0/8, 2001:db8::/32,192.0.2.7');

describe('the address of a person', () => {
  it.each([
    ['203.0.113.9', ['8.8.8.8'], [], '203.0.113.9'],
    ['127.0.0.1', ['8.8.8.8'], [], '127.0.0.1'],
    ['10.0.0.5', [], [], '10.0.0.5'],
    ['10.0.0.5', ['8.8.8.8, 203.0.113.9'], [], '203.0.113.9'],
    ['10.0.0.5', ['8.8.8.8', '203.0.113.9, 10.1.1.1'], [], '203.0.113.9'],
    ['10.0.0.5', ['8.8.8.8, garbage, 10.1.1.1'], [], '10.1.1.1'],
    ['::ffff:10.0.0.5', ['203.0.113.9:4711'], [], '203.0.113.9'],
    ['192.0.2.7', ['[2001:db9::7]:4711'], [], '2001:db9::7'],
    ['2001:db8::1', [], ['for="[2001:db9::7]:4711";proto=https'], '2001:db9::7'],
    ['10.0.0.5', ['203.0.113.9'], ['for=8.8.8.8'], '10.0.0.5'],
    [undefined, ['8.8.8.8'], [], null],
  ])('%s %j %j: %s', (peer, forwardedFor, forwarded, origin) => {
    expect(originOf(peer, TRUSTED, forwardedFor, forwarded)).toBe(origin);
  });

  it.each(['proxy.lan', '10.0.0.0/33', '*', '10.0.0.0/x', '2001:db8::/129'])('%s is no trusted proxy', (entry) => {
    expect(() => proxiesOf(`10.0.0.5,${entry}`)).toThrow(/TRUSTED_PROXIES.*10\.0\.0\.0\/24/);
  });
});

describe('the proof of an origin', () => {
  const ENDS = '127.0.0.1 50000 127.0.0.1 3000';

  it('is of one address, one connection, one method and one second', () => {
    const proof = signedOrigin('203.0.113.9', ENDS, 'POST', 1_772_323_200_000);
    expect(proof).toMatch(/^203\.0\.113\.9;1772323200;127\.0\.0\.1 50000 127\.0\.0\.1 3000;[0-9a-f]{64}$/);
    const others = [
      signedOrigin('203.0.113.8', ENDS, 'POST', 1_772_323_200_000),
      signedOrigin('203.0.113.9', ENDS.replace('50000', '50001'), 'POST', 1_772_323_200_000),
      signedOrigin('203.0.113.9', ENDS, 'GET', 1_772_323_200_000),
      signedOrigin('203.0.113.9', ENDS, 'POST', 1_772_323_201_000),
    ];
    for (const other of others) expect(other.split(';')[3]).not.toBe(proof.split(';')[3]);
  });
});
