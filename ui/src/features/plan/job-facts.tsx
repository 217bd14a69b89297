'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FieldDiff } from '@/components/diff';
import { AbsoluteTime, RelativeTime } from '@/components/time';
import { CopyButton } from '@/components/ui/copy-button';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { isSaved, schedulePreview, startersOf, type PlannedJob } from './queries';

const translations = defineTranslations(
  {
    name: 'Name',
    schedule: 'Schedule',
    once: 'Once, when the plan is applied',
    byHand: 'By hand',
    after: (id: string) => `After ${id}`,
    onFailure: (id: string) => `If ${id} fails`,
    next: 'Next runs',
    inputs: 'Inputs',
    noInputs: 'none needed',
    changes: 'What changes',
    reason: 'Why',
    json: 'Spec as JSON',
    copy: 'Copy the spec',
    off: 'This job is disabled and stays disabled.',
  },
  {
    name: 'Nama',
    schedule: 'Jadwal',
    once: 'Sekali, begitu diterapkan',
    byHand: 'Manual',
    after: (id: string) => `Setelah ${id}`,
    onFailure: (id: string) => `Jika ${id} gagal`,
    next: 'Run berikutnya',
    inputs: 'Masukan',
    noInputs: 'tidak perlu',
    changes: 'Yang berubah',
    reason: 'Dasar',
    json: 'Spesifikasi JSON',
    copy: 'Salin spesifikasi',
    off: 'Job ini nonaktif dan tetap nonaktif.',
  },
);

/** The job as it will be: name, schedule, inputs and what changes in a stored one. */
export function JobFacts({ job, jobs }: { job: PlannedJob; jobs: readonly PlannedJob[] }) {
  const t = useTranslations(translations);
  const { job_spec: spec, change } = job;
  return (
    <FactList>
      {spec.description && <Fact name={t.name}>{spec.description}</Fact>}
      <Fact name={t.schedule}>
        <ScheduleText job={job} jobs={jobs} />
      </Fact>
      {job.next_runs.length > 0 && (
        <Fact name={t.next}>
          <NextRuns fires={job.next_runs} />
        </Fact>
      )}
      <Fact name={t.inputs}>
        <Inputs inputs={spec.inputs ?? {}} />
      </Fact>
      <Fact name={t.reason}>
        <span className="text-text-2">{job.reason}</span>
      </Fact>
      {change === 'update' && (
        <Fact name={t.changes}>
          <FieldDiff changes={job.diff} />
        </Fact>
      )}
    </FactList>
  );
}

export function FactList({ children }: { children: ReactNode }) {
  return <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[112px_minmax(0,1fr)]">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-xs leading-5 text-text-3">{name}</dt>
      <dd className="min-w-0 text-sm break-words max-sm:mb-1">{children}</dd>
    </>
  );
}

/** The future fires: one that has passed while the plan was read is left out. */
export function NextRuns({ fires }: { fires: PlannedJob['next_runs'] }) {
  const now = useNow();
  const ahead = fires.filter((fire) => new Date(fire.utc).getTime() > now);
  return (
    <ul className="flex flex-wrap gap-x-5">
      {(ahead.length > 0 ? ahead : fires.slice(-1)).map((fire, at) => (
        <li key={fire.utc} className="whitespace-nowrap">
          <AbsoluteTime at={fire.utc} zone={fire.timezone} />
          {at === 0 && <RelativeTime at={fire.utc} zone={fire.timezone} className="ml-1.5 text-text-3" />}
        </li>
      ))}
    </ul>
  );
}

export function ScheduleText({ job, jobs = [] }: { job: PlannedJob; jobs?: readonly PlannedJob[] }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const schedule = job.job_spec.schedule ?? null;
  const { data } = useQuery({ ...schedulePreview(schedule ?? {}), enabled: schedule !== null });
  const starters = startersOf(jobs, job.job_spec.job_id);
  if (schedule === null && starters.length > 0) {
    return starters.map(({ jobId, onFailure }) => (onFailure ? t.onFailure(jobId) : t.after(jobId))).join(' · ');
  }
  if (schedule === null) return isSaved(job.change) ? t.once : t.byHand;
  const scheduleText = data?.words[lang] ?? '…';
  return (
    <>
      <span className="font-medium">{scheduleText.charAt(0).toUpperCase() + scheduleText.slice(1)}</span>
      {(schedule.cron ?? schedule.rrule) && (
        <code className="ml-2 font-mono text-xs text-text-3">{schedule.cron ?? schedule.rrule}</code>
      )}
      {isSaved(job.change) && job.job_spec.enabled === false && <span className="ml-2 text-text-2">{t.off}</span>}
    </>
  );
}

function Inputs({ inputs }: { inputs: Record<string, unknown> }) {
  const t = useTranslations(translations);
  const entries = Object.entries(inputs);
  if (entries.length === 0) return <span className="text-text-3">{t.noInputs}</span>;
  return (
    <ul className="flex flex-wrap gap-x-5 font-mono text-xs leading-5">
      {entries.map(([name, value]) => (
        <li key={name} className="min-w-0 break-words">
          <span className="text-text-3">{name}</span> {typeof value === 'string' ? value : JSON.stringify(value)}
        </li>
      ))}
    </ul>
  );
}

export function SpecText({ spec }: { spec: PlannedJob['job_spec'] }) {
  const t = useTranslations(translations);
  const text = JSON.stringify(spec, null, 2);
  return (
    <details className="group text-xs">
      <summary className="w-fit text-text-2 hover:text-text">{t.json}</summary>
      <div className="relative mt-2">
        <pre className="max-h-80 overflow-auto rounded-control border bg-raised p-3 font-mono text-xs" tabIndex={0}>
          {text}
        </pre>
        <span className="absolute top-2 right-2">
          <CopyButton text={text} label={t.copy} />
        </span>
      </div>
    </details>
  );
}
