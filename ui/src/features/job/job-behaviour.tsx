'use client';

import { Fragment, type ReactNode } from 'react';
import { RelativeTime } from '@/components/time';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { defineTranslations, useLang, useTranslations, type Lang } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import { formatNumber } from '@/lib/time';
import { MISFIRE, OVERLAP, PRIORITY, formatSpan, retryText } from './policy-text';

const translations = defineTranslations(
  {
    title: 'How it behaves',
    saved: (version: number) => `v${version}, changed`,
    overlap: 'Earlier run not ended',
    misfire: 'Slots that come late',
    grace: (span: string) => `late after ${span}`,
    retry: 'An attempt failed',
    cooldown: (span: string) => `then no run for ${span}`,
    limit: 'Time limit',
    aTry: 'per attempt',
    priority: 'Priority',
    queue: 'Queue',
    jitter: (span: string) => `starts spread over ${span}`,
    concurrency: 'Limit',
    atOnce: (n: string, key: string) => `${n} at once with the key ${key}`,
    ofEach: (n: string, path: string, key: string) => `${n} at once of each ${path} with the key ${key}`,
    inAll: (n: string) => `${n} in all`,
    turns: 'groups take turns',
    rate: 'Rate',
    perMinute: (n: string, key: string) => `${n} starts in any 60 s with the key ${key}`,
    each: (path: string) => `for each ${path}`,
    onSuccess: 'After success',
    onFailure: 'After failure',
    runs: 'run',
  },
  {
    title: 'Cara kerjanya',
    saved: (version: number) => `v${version}, diubah`,
    overlap: 'Run sebelumnya belum selesai',
    misfire: 'Jadwal yang terlambat',
    grace: (span: string) => `terlambat setelah ${span}`,
    retry: 'Jika percobaan gagal',
    cooldown: (span: string) => `lalu jadwal dilewati ${span}`,
    limit: 'Batas waktu',
    aTry: 'per percobaan',
    priority: 'Prioritas',
    queue: 'Antrean',
    jitter: (span: string) => `mulai disebar dalam ${span}`,
    concurrency: 'Batas',
    atOnce: (n: string, key: string) => `${n} sekaligus dengan kunci ${key}`,
    ofEach: (n: string, path: string, key: string) => `${n} sekaligus untuk setiap ${path} dengan kunci ${key}`,
    inAll: (n: string) => `total ${n}`,
    turns: 'grup bergiliran',
    rate: 'Batas laju',
    perMinute: (n: string, key: string) => `${n} run mulai per 60 detik dengan kunci ${key}`,
    each: (path: string) => `untuk setiap ${path}`,
    onSuccess: 'Setelah berhasil',
    onFailure: 'Setelah gagal',
    runs: 'jalankan',
  },
);

type Texts = (typeof translations)['en'];

/** Misfire policy, retries, limits and chains of the job as text. */
export function JobBehaviour({ job }: { job: Job }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const span = (sec: number) => formatSpan(sec, lang);
  const rows: [string, ReactNode][] = [];
  if (job.schedule) {
    rows.push([t.overlap, OVERLAP[job.overlap][lang]]);
    rows.push([t.misfire, `${MISFIRE[job.misfire][lang]} · ${t.grace(span(job.misfire_grace_sec))}`]);
  }
  const cooldown = job.failure_cooldown_sec > 0 ? ` · ${t.cooldown(span(job.failure_cooldown_sec))}` : '';
  rows.push([t.retry, retryText(job.retry_policy, lang) + cooldown]);
  rows.push([t.limit, `${span(job.timeout_ms / 1_000)} ${t.aTry}`]);
  const jitter = job.jitter_sec > 0 ? ` · ${t.jitter(span(job.jitter_sec))}` : '';
  rows.push([t.priority, PRIORITY[job.priority][lang] + jitter]);
  if (job.queue !== undefined && job.queue !== 'default') rows.push([t.queue, job.queue]);
  if (job.concurrency) rows.push([t.concurrency, slotText(job.concurrency, t, lang)]);
  if (job.rate) {
    const each = job.rate.group_by ? ` ${t.each(job.rate.group_by)}` : '';
    rows.push([t.rate, t.perMinute(formatNumber(job.rate.per_minute, lang), job.rate.key) + each]);
  }
  if (job.on_success.length > 0) rows.push([t.onSuccess, <Jobs key="s" ids={job.on_success} />]);
  if (job.on_failure.length > 0) rows.push([t.onFailure, <Jobs key="f" ids={job.on_failure} />]);
  return (
    <Card
      title={t.title}
      aside={
        <span>
          {t.saved(job.version)} <RelativeTime at={job.updated_at} />
        </span>
      }
    >
      <dl className="grid gap-y-1.5 px-3.5 py-2.5 text-sm sm:grid-cols-[minmax(112px,auto)_minmax(0,1fr)] sm:gap-x-4 lg:max-xl:grid-cols-[auto_minmax(0,1fr)_auto_minmax(0,1fr)]">
        {rows.map(([label, value]) => (
          <Fragment key={label}>
            <dt className="text-text-3 max-sm:-mb-1.5 max-sm:text-xs">{label}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </Fragment>
        ))}
      </dl>
    </Card>
  );
}

function slotText(slots: NonNullable<Job['concurrency']>, t: Texts, lang: Lang): string {
  const limit = formatNumber(slots.limit, lang);
  const parts = [
    slots.group_by ? t.ofEach(limit, slots.group_by, slots.key) : t.atOnce(limit, slots.key),
    slots.total && t.inAll(formatNumber(slots.total, lang)),
    slots.strategy === 'group_round_robin' && t.turns,
  ];
  return parts.filter(Boolean).join(' · ');
}

function Jobs({ ids }: { ids: readonly string[] }) {
  const t = useTranslations(translations);
  return (
    <>
      {t.runs}{' '}
      {ids.map((id, at) => (
        <Fragment key={id}>
          {at > 0 && ', '}
          <Link href={`/jobs/${encodeURIComponent(id)}`} className="font-medium underline decoration-border-strong underline-offset-2 hover:decoration-current">
            {id}
          </Link>
        </Fragment>
      ))}
    </>
  );
}
