'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowLeftRight, ArrowRight, X } from 'lucide-react';
import { FieldDiff, SideBySide } from '@/components/diff';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Select } from '@/components/ui/field';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import type { Schemas } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import { jobQueries } from '../queries';
import { versionTranslations } from './translations';

type Props = {
  job: Job;
  versions: readonly Schemas['JobVersionBody'][];
  from: number;
  to: number;
  onChange: (compared: { from: number | null; to: number | null }) => void;
};

/** Two versions of the job: the fields that differ, then both as a whole. */
export function VersionDiff({ job, versions, from, to, onChange }: Props) {
  const t = useTranslations(versionTranslations);
  const [before, after] = [from, to].map((wanted) => versions.find((each) => each.version === wanted));
  const changes = useQuery({ ...jobQueries.comparison(job.job_id, from, to), enabled: before !== undefined && after !== undefined });
  const missing = before === undefined ? from : after === undefined ? to : null;
  return (
    <Card
      title={t.comparison}
      aside={
        <>
          <VersionSelect label={t.from} value={from} versions={versions} onPick={(next) => onChange({ from: next, to })} />
          <ArrowRight aria-hidden className="size-3.5 shrink-0 max-sm:hidden" />
          <VersionSelect label={t.to} value={to} versions={versions} onPick={(next) => onChange({ from, to: next })} />
          <Button variant="ghost" size="icon" aria-label={t.swap} title={t.swap} onClick={() => onChange({ from: to, to: from })}>
            <ArrowLeftRight aria-hidden className="size-3.5" />
          </Button>
          <Button variant="ghost" size="icon" aria-label={t.close} title={t.close} onClick={() => onChange({ from: null, to: null })}>
            <X aria-hidden className="size-4" />
          </Button>
        </>
      }
    >
      {missing !== null && <p className="px-3.5 py-8 text-center text-sm text-text-2">{t.unknown(missing)}</p>}
      {changes.error && <ErrorState error={changes.error} onRetry={() => void changes.refetch()} />}
      {changes.isPending && missing === null && <SkeletonRows rows={3} />}
      {changes.data && before && after && (
        <>
          <FieldDiff changes={changes.data} className="px-3.5 py-2.5" />
          {changes.data.length > 0 && (
            <details className="border-t">
              <summary className="px-3.5 py-2 text-sm font-medium text-text-2 hover:text-text">{t.whole}</summary>
              <div className="border-t pb-2">
                <SideBySide before={before.spec} after={after.spec} beforeLabel={`v${from}`} afterLabel={`v${to}`} />
              </div>
            </details>
          )}
        </>
      )}
    </Card>
  );
}

type VersionSelectProps = { label: string; value: number; versions: Props['versions']; onPick: (version: number) => void };

function VersionSelect({ label, value, versions, onPick }: VersionSelectProps) {
  const isKnown = versions.some((each) => each.version === value);
  return (
    <span className="w-18 shrink-0">
      <Select aria-label={label} value={value} onChange={(event) => onPick(Number(event.target.value))}>
        {!isKnown && <option value={value}>v{value}</option>}
        {versions.map((each) => (
          <option key={each.version} value={each.version}>
            v{each.version}
          </option>
        ))}
      </Select>
    </span>
  );
}
