'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '@/lib/api/queries';
import { useDebounced } from '@/lib/use-debounced';

const DEBOUNCE_MS = 250;

/** Ids of other jobs that match the typed text, and a setter for that text. */
export function useJobSuggestions(own: string): [names: string[], search: (text: string) => void] {
  const [text, setText] = useState('');
  const q = useDebounced(text, DEBOUNCE_MS);
  const { data } = useInfiniteQuery({ ...queries.jobs(q ? { q } : {}), placeholderData: keepPreviousData });
  const names = data?.pages.flatMap((page) => page.items.map((job) => job.job_id)) ?? [];
  return [names.filter((name) => name !== own), setText];
}
