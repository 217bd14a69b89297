import { describe, expect, it } from 'vitest';
import { placeOf, scopeOf } from './places';

describe('placeOf', () => {
  it('calls the API, opens a page, or has only a command', () => {
    expect(placeOf({ action: 'redrive', target: 'f' })).toEqual({ kind: 'call' });
    expect(placeOf({ action: 'set_up_account', target: 'telegram:bot_a01' })).toEqual({ kind: 'page', href: '/connectors?connect=telegram%3Abot_a01' });
    expect(placeOf({ action: 'raise_timeout', target: 'a b' })).toEqual({ kind: 'dialog' });
    expect(placeOf({ action: 'start_service', target: 'worker' })).toEqual({ kind: 'command' });
  });
});

describe('scopeOf', () => {
  it('reads everything, a type or a job', () => {
    expect(scopeOf('all')).toEqual({ scope: 'all', name: null });
    expect(scopeOf('type:monitor.http')).toEqual({ scope: 'type', name: 'monitor.http' });
    expect(scopeOf('job:toko')).toEqual({ scope: 'job', name: 'toko' });
    expect(scopeOf('toko')).toEqual({ scope: 'job', name: 'toko' });
  });
});
