import { describe, expect, it } from 'vitest';
import type { Monitor } from '@/lib/api/queries';
import { narrowed } from './search-params';

const monitor = (job_id: string, state: Monitor['state'], target = '') => ({ job_id, state, target, type: 'monitor.http' }) as Monitor;

describe('narrowed', () => {
  const all = [monitor('toko', 'up', 'https://toko.example'), monitor('blog', 'down', 'https://blog.example')];
  const ids = (q: string, state: Monitor['state'] | null = null) => narrowed(all, { q, state }).map((each) => each.job_id);
  it('finds a part of the job, the type or the target', () => {
    expect(ids('')).toEqual(['toko', 'blog']);
    expect(ids('BLOG.')).toEqual(['blog']);
    expect(ids('monitor.http')).toEqual(['toko', 'blog']);
  });
  it('finds a state', () => {
    expect(ids('', 'down')).toEqual(['blog']);
    expect(ids('toko', 'down')).toEqual([]);
  });
});
