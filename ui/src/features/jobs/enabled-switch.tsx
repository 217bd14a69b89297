'use client';

import { Switch } from '@/components/ui/field';
import { useTranslations } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import { useEnableJob } from '@/lib/api/use-enable-job';
import { useCan } from '@/lib/session';
import { jobsTranslations } from './translations';

/** Whether the job is enabled; an operator can change it here. */
export function EnabledSwitch({ job }: { job: Job }) {
  const t = useTranslations(jobsTranslations);
  const canAct = useCan('operator');
  const { mutate } = useEnableJob(job.job_id);
  if (!canAct) return <span className="text-text-2">{job.enabled ? t.on : t.off}</span>;
  return (
    <Switch
      label={t.switchOne(job.job_id)}
      checked={job.enabled}
      onChange={(event) => mutate(event.target.checked)}
      className="z-10 align-middle"
    />
  );
}
