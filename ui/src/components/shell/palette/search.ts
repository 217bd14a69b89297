'use client';

import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, unwrap } from '@/lib/api/client';

const FOUND_JOBS = 8;
const FOUND_RUNS = 5;
const DEBOUNCE_MS = 150;
const RUN_CHARS = 4;
const SENTENCE_WORDS = 3;

/** Whether the texts of an item contain each word of the query, in any order. */
export function matchesAllWords(text: string, ...said: string[]): boolean {
  const haystack = said.join(' ').toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => haystack.includes(word));
}

/** Whether a text may be the beginning of a run's id or of a trace id. */
export function looksLikeRunId(text: string): boolean {
  return text.length >= RUN_CHARS && !/\s/.test(text);
}

/** Whether a text may be a task for the planner: names have one word. */
export function isPlannable(text: string): boolean {
  return /\s/.test(text);
}

/** Whether a text is probably a task, not a name. */
export function isSentence(text: string): boolean {
  return text.split(/\s+/).length >= SENTENCE_WORDS;
}

const foundJobs = (q: string) =>
  queryOptions({
    queryKey: ['palette', 'jobs', q],
    queryFn: () => unwrap(api.GET('/jobs', { params: { query: { ...(q ? { q } : {}), limit: FOUND_JOBS } } })),
  });
const foundRuns = (q: string) =>
  queryOptions({
    queryKey: ['palette', 'runs', q],
    queryFn: () => unwrap(api.GET('/runs', { params: { query: { q, limit: FOUND_RUNS } } })),
  });

/** Jobs and runs that match a text, debounced. */
export function usePaletteSearch(text: string) {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const jobs = useQuery({ ...foundJobs(settled), placeholderData: keepPreviousData });
  const runs = useQuery({ ...foundRuns(settled), enabled: looksLikeRunId(settled) });
  // Results of an earlier query stay only if they match this one: Enter opens the item that the user means.
  const fits = (...said: string[]) => said.some((each) => each.toLowerCase().includes(text.toLowerCase()));
  const isJobsOld = settled !== text || jobs.isPlaceholderData;
  const isRunsOld = settled !== text || runs.isPlaceholderData;
  return {
    jobs: (jobs.data ?? []).filter((job) => !isJobsOld || fits(job.job_id, job.description)),
    runs: (looksLikeRunId(text) ? (runs.data ?? []) : []).filter((run) => !isRunsOld || fits(run.run_id, run.job_id, run.trace_id)),
    error: jobs.error ?? runs.error,
    isLooking: settled !== text || jobs.isFetching || runs.isFetching,
  };
}
