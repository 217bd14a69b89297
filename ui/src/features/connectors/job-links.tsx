import { Link } from '@/components/ui/link';
import { Fragment } from 'react';

/** Links to jobs. */
export function JobLinks({ jobIds }: { jobIds: readonly string[] }) {
  return jobIds.map((jobId, index) => (
    <Fragment key={jobId}>
      {index > 0 && ', '}
      <Link href={`/jobs/${encodeURIComponent(jobId)}`} title={jobId} className="underline underline-offset-2">
        {jobId}
      </Link>
    </Fragment>
  ));
}
