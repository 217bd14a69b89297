'use client';

import type { Job } from '@/lib/api/queries';
import { NextFires } from './next-fires';
import { SlotHistory } from './slot-history';

/** The next fires and the past slots. */
export function ScheduleTab({ job }: { job: Job }) {
  return (
    <div className="grid gap-4">
      <NextFires job={job} />
      <SlotHistory job={job} />
    </div>
  );
}
