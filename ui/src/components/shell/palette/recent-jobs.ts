'use client';

import { usePathname } from 'next/navigation';
import { useEffect } from 'react';

const KEY = 'mj_recent_jobs';
const MAX_JOBS = 6;

/** The jobs that were opened last in this browser, newest first; empty if the browser stores nothing. */
export function recentJobs(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((each) => typeof each === 'string').slice(0, MAX_JOBS) : [];
  } catch {
    // Storage is blocked or contains other data.
    return [];
  }
}

/** The job that a page is about; none for the list, the form of a new one, and everything else. */
export function jobOfPath(pathname: string): string | null {
  const [, section, id] = pathname.split('/');
  return section === 'jobs' && id && id !== 'new' ? decodeURIComponent(id) : null;
}

/** Remember the jobs whose pages are opened. */
export function useRecordJobs(): void {
  const jobId = jobOfPath(usePathname());
  useEffect(() => {
    if (jobId === null) return;
    try {
      localStorage.setItem(KEY, JSON.stringify([jobId, ...recentJobs().filter((each) => each !== jobId)].slice(0, MAX_JOBS)));
    } catch {
      // Only a convenience is lost.
    }
  }, [jobId]);
}
