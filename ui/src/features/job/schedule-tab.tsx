'use client';

import type { Job } from '@/lib/queries';
import { NextFires } from './next-fires';
import { Slots } from './slots';

/** When the job fires next, and what became of the slots behind it. */
export function ScheduleTab({ job }: { job: Job }) {
  return (
    <div className="grid gap-4">
      <NextFires job={job} />
      <Slots job={job} />
    </div>
  );
}
