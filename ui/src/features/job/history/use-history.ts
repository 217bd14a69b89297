'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLiveEvents } from '@/lib/live/provider';
import type { Job } from '@/lib/api/queries';
import { joinHistory, mergeBars, type Bar } from './history';
import { jobQueries } from '../queries';

const NONE: readonly Bar[] = [];

/** The last runs of a job, newest first, as events change them. */
export function useHistory(job: Job): Bar[] {
  const client = useQueryClient();
  const history = jobQueries.history(job.job_id);
  const { data = NONE } = useQuery(history);
  useLiveEvents((event) => {
    if (event.job_id !== job.job_id || event.run_id === null) return;
    client.setQueryData(history.queryKey, (bars) => bars && mergeBars(bars, event));
  });
  return useMemo(() => joinHistory(job.recent, data), [job.recent, data]);
}
