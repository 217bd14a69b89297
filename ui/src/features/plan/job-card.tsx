'use client';

import { CircleHelp } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { formatPercent } from '@/lib/time';
import { ActionFacts } from './action-facts';
import { ChangeBadge } from './change-badge';
import { JobFacts, SpecText } from './job-facts';
import { Notes } from './notes/notes';
import { isSaved, type Plan, type PlannedJob } from './queries';

const translations = defineTranslations(
  {
    sure: (share: string) => `${share} confidence`,
  },
  {
    sure: (share: string) => `keyakinan ${share}`,
  },
);

const LOW_CONFIDENCE = 0.95;

/** One job of a plan: the spec, the changes and the next fires, or what is done to a stored job. */
export function JobCard({ job, plan: { notes, prompt } }: { job: PlannedJob; plan: Plan }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const { job_spec: spec, change } = job;
  return (
    <Card
      data-job={spec.job_id}
      className={change === 'delete' ? 'border-tone tone-fail' : undefined}
      title={
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <ChangeBadge change={change} />
          {change === 'create' ? (
            <span className="break-all">{spec.job_id}</span>
          ) : (
            <Link href={`/jobs/${encodeURIComponent(spec.job_id)}`} className="break-all underline decoration-border-strong underline-offset-2 hover:decoration-text">
              {spec.job_id}
            </Link>
          )}
          <span className="font-mono text-xs font-normal text-text-2">{spec.type}</span>
        </span>
      }
      aside={
        job.confidence < LOW_CONFIDENCE && (
          <Badge tone="retry" icon={CircleHelp}>
            {t.sure(formatPercent(job.confidence, lang))}
          </Badge>
        )
      }
    >
      <div className="grid gap-3 p-4">
        {isSaved(change) ? <JobFacts job={job} /> : <ActionFacts job={job} />}
        <Notes notes={notes.filter((note) => note.job === spec.job_id)} prompt={prompt} />
        {isSaved(change) && <SpecText spec={spec} />}
      </div>
    </Card>
  );
}
