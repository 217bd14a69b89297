// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { jobOfPath, recentJobs } from './recent-jobs';

beforeEach(() => localStorage.clear());

describe('jobOfPath', () => {
  it('finds the job of its page and of its form, and no other', () => {
    expect(jobOfPath('/jobs/a%2Fb')).toBe('a/b');
    expect(jobOfPath('/jobs/a/edit')).toBe('a');
    expect(['/jobs', '/jobs/new', '/runs/a', '/'].map(jobOfPath)).toEqual([null, null, null, null]);
  });
});

describe('recentJobs', () => {
  it('is empty at first, and ignores invalid stored data', () => {
    expect(recentJobs()).toEqual([]);
    localStorage.setItem('mj_recent_jobs', '{"a":1}');
    expect(recentJobs()).toEqual([]);
    localStorage.setItem('mj_recent_jobs', '[');
    expect(recentJobs()).toEqual([]);
  });
  it('returns the opened jobs', () => {
    localStorage.setItem('mj_recent_jobs', '["b","a",3]');
    expect(recentJobs()).toEqual(['b', 'a']);
  });
});
