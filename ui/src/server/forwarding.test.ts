// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { REQUEST_HEADERS, isForwarded, pickHeaders } from './forwarding';
import { isAllowedHost, isSameOrigin } from './same-origin';

describe('forwarded operations', () => {
  it('is an operation of the API, by method and path', () => {
    expect(isForwarded('GET', '/jobs')).toBe(true);
    expect(isForwarded('GET', '/jobs/a.b-c')).toBe(true);
    expect(isForwarded('POST', '/jobs/a/run')).toBe(true);
    expect(isForwarded('GET', '/runs/job%401795619125327')).toBe(true);
    expect(isForwarded('PATCH', '/jobs/a')).toBe(false);
    expect(isForwarded('GET', '/nothing')).toBe(false);
    expect(isForwarded('GET', '/jobs/a/b/c')).toBe(false);
  });

  it('is no webhook, no metrics, and no path that leads elsewhere', () => {
    for (const path of ['/metrics', '/webhooks/telegram/a', '/jobs/..', '/jobs/%2e%2e', '/jobs/a%2Frun', '/jobs/a%5c', '//evil/jobs', '/jobs/.']) {
      expect(isForwarded('GET', path), path).toBe(false);
      expect(isForwarded('POST', path), path).toBe(false);
    }
  });

  it('forwards chosen headers only, and no forwarding header', () => {
    const headers = new Headers({ accept: 'a', cookie: 'c', 'x-forwarded-for': '1', forwarded: 'x', 'x-api-key': 'k', authorization: 'b' });
    expect([...pickHeaders(headers, REQUEST_HEADERS).keys()]).toEqual(['accept']);
  });
});

describe('allowed callers', () => {
  it('asks for a loopback name, at any port', () => {
    for (const host of ['127.0.0.1:3000', 'localhost:3000', 'LOCALHOST', '[::1]:3000']) expect(isAllowedHost(host), host).toBe(true);
    for (const host of [null, '', 'evil.example:3000', '127.0.0.1.evil.example', 'localhost.evil.example:80']) expect(isAllowedHost(host), String(host)).toBe(false);
  });

  it('comes from our own origin, or is no browser', () => {
    const from = (headers: Record<string, string>) => isSameOrigin(new Headers({ host: '127.0.0.1:3000', ...headers }));
    expect(from({})).toBe(true);
    expect(from({ origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' })).toBe(true);
    expect(from({ origin: 'http://127.0.0.1:8000' })).toBe(false);
    expect(from({ origin: 'null' })).toBe(false);
    expect(from({ 'sec-fetch-site': 'cross-site' })).toBe(false);
    expect(from({ origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-site' })).toBe(false);
  });
});
