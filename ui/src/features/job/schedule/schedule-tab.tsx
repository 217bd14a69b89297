'use client';

import type { Job } from '@/lib/api/queries';
import { NextFires } from './next-fires';
import { SlotHistory } from './slot-history';

/** When the job fires next, and what became of the slots behind it. */
export function ScheduleTab({ job }: { job: Job }) {
  return (
    <div className="grid gap-4">
      <NextFires job={job} />
      <SlotHistory job={job} />
    </div>
  );
}
