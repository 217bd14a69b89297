'use client';

import { AbsoluteTime } from '@/components/time';
import { FieldDiff } from '@/components/diff';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { Fact, FactList, NextRuns, ScheduleText } from './job-facts';
import type { Change, PlannedJob } from './queries';

type Action = Exclude<Change, 'create' | 'update' | 'unchanged'>;

const translations = defineTranslations(
  {
    disable: 'Its schedule starts no run until someone enables it. It can still be started by hand.',
    pause: 'No run of it starts until someone resumes it. Runs in progress continue.',
    pauseUntil: 'No run of it starts until then. Runs in progress continue.',
    resume: 'Its schedule starts runs again.',
    run: 'One run starts at once. The schedule stays as it is.',
    delete: 'The job, its schedule and its versions are deleted, and its waiting runs are cancelled. This cannot be undone.',
    effect: 'Effect',
    until: 'Until',
    schedule: 'Schedule',
    next: 'Next runs',
    reason: 'Why',
    name: 'Name',
    changes: 'What changes',
  },
  {
    disable: 'Jadwalnya tidak menjalankan apa pun sampai diaktifkan lagi. Secara manual tetap bisa dijalankan.',
    pause: 'Tidak ada run yang mulai sampai dilanjutkan. Run yang sedang berjalan diselesaikan.',
    pauseUntil: 'Tidak ada run yang mulai sampai waktu itu. Run yang sedang berjalan diselesaikan.',
    resume: 'Jadwalnya berjalan lagi.',
    run: 'Satu run langsung berjalan. Jadwalnya tetap.',
    delete: 'Job, jadwal, dan versinya dihapus, dan run yang masih menunggu dibatalkan. Ini tidak bisa diurungkan.',
    effect: 'Akibatnya',
    until: 'Sampai',
    schedule: 'Jadwal',
    next: 'Run berikutnya',
    reason: 'Dasar',
    name: 'Nama',
    changes: 'Yang berubah',
  },
);

/** What an action does to a stored job: which one it is, and what will be stopped, started or deleted. */
export function ActionFacts({ job }: { job: PlannedJob }) {
  const t = useTranslations(translations);
  const { job_spec: spec, until, next_runs: fires } = job;
  const change = job.change as Action;
  return (
    <FactList>
      <Fact name={t.effect}>
        <span className={change === 'delete' ? 'font-medium text-tone-text tone-fail' : 'font-medium'}>
          {change === 'pause' && until ? t.pauseUntil : t[change]}
        </span>
      </Fact>
      {until && (
        <Fact name={t.until}>
          <AbsoluteTime at={until} />
        </Fact>
      )}
      {spec.description && <Fact name={t.name}>{spec.description}</Fact>}
      <Fact name={t.schedule}>
        <ScheduleText job={job} />
      </Fact>
      {change === 'resume' && fires.length > 0 && (
        <Fact name={t.next}>
          <NextRuns fires={fires} />
        </Fact>
      )}
      {job.diff.length > 0 && (
        <Fact name={t.changes}>
          <FieldDiff changes={job.diff} />
        </Fact>
      )}
      {job.reason && (
        <Fact name={t.reason}>
          <span className="text-text-2">{job.reason}</span>
        </Fact>
      )}
    </FactList>
  );
}
