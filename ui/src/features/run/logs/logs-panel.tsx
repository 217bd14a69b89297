'use client';

import { Download, WrapText } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Options, Select } from '@/components/ui/field';
import { Popover, PopoverItem } from '@/components/ui/popover';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { useIsWide } from '@/components/table/use-virtual-rows';
import { useAction } from '@/lib/api/use-action';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import type { RunDetail } from '@/lib/api/queries';
import { useSession } from '@/lib/session';
import { RUN_STATES } from '@/lib/run-states';
import { formatNumber, zoneName } from '@/lib/time';
import { downloadLog, type LogFormat } from './download';
import { LEVELS, findRows, rowsOf, type Level } from './log-lines';
import { LogList } from './log-list';
import { LogSearch } from './log-search';
import { mergeLines, runLines } from './run-lines';
import { useLog } from './use-log';
import { logTranslations } from './translations';

/** The log of a run, with the lines of the platform about it: live, searched, narrowed by level, downloaded. */
export function LogsPanel({ run, isTall = false }: { run: RunDetail; isTall?: boolean }) {
  const t = useTranslations(logTranslations);
  const lang = useLang();
  const { timezone } = useSession();
  const log = useLog(run);
  const isActive = RUN_STATES[run.status].isActive;
  const [level, setLevel] = useState<Level>('debug');
  const [wrapped, setWrapped] = useState<boolean | null>(null);
  // Narrow screens show little of a long line.
  const isNarrow = !useIsWide();
  const isWrapped = wrapped ?? isNarrow;
  const [query, setQuery] = useState('');
  const [hit, setHit] = useState(0);
  // An ended run starts at the beginning of its log, a failed one at the end, and an active one is followed.
  const [isFollowing, setFollowing] = useState(isActive || run.status === 'failed');
  const searchText = useDeferredValue(query);
  const ofRun = useMemo(() => runLines(run, lang, timezone), [run, lang, timezone]);
  const lines = useMemo(() => mergeLines(log.lines, ofRun), [log.lines, ofRun]);
  const rows = useMemo(() => rowsOf(lines, level), [lines, level]);
  const hits = useMemo(() => findRows(rows, searchText), [rows, searchText]);
  const at = hits.length === 0 ? 0 : Math.min(hit, hits.length - 1);
  const download = useAction({ run: (format: LogFormat) => downloadLog(run.run_id, ofRun, format) });

  const search = (next: string) => {
    setQuery(next);
    setHit(0);
    if (next) setFollowing(false);
  };
  const isEmpty = !log.isRead || rows.length === 0;
  return (
    <section aria-label={t.title} className="overflow-hidden rounded-card border bg-surface">
      <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1.5 border-b px-3.5 py-1.5">
        <h2 className="text-sm font-semibold">{t.title}</h2>
        <Pace isActive={isActive} isRunning={run.status === 'running'} isHeld={log.isHeld} isFollowing={isFollowing} isComplete={log.isComplete} />
        <span className="text-xs text-text-3">
          {log.isRead && `${t.lines(formatNumber(lines.length, lang), lines.length === 1)} · ${zoneName(timezone, run.created_at)}`}
        </span>
        <div className="ml-auto flex flex-wrap items-center gap-1.5 max-lg:w-full">
          <LogSearch
            value={query}
            onChange={search}
            hits={hits.length}
            at={at}
            onMove={(by) => hits.length > 0 && setHit((at + by + hits.length) % hits.length)}
          />
          <div className="w-36 max-lg:flex-1">
            <Select aria-label={t.level} value={level} onChange={(event) => setLevel(event.target.value as Level)}>
              <Options values={LEVELS} label={(each) => t[each]} />
            </Select>
          </div>
          <Button
            variant="ghost"
            size="icon"
            aria-pressed={isWrapped}
            aria-label={t.wrap}
            title={t.wrap}
            onClick={() => setWrapped(!isWrapped)}
            className={cn(isWrapped && 'bg-selected')}
          >
            <WrapText aria-hidden className="size-4" />
          </Button>
          <Popover label={t.download} trigger={<Download aria-hidden className="size-4" />}>
            <PopoverItem onClick={() => download.mutate('log')}>{t.asText}</PopoverItem>
            <PopoverItem onClick={() => download.mutate('jsonl')}>{t.asJson}</PopoverItem>
          </Popover>
        </div>
      </div>
      {log.isTruncated && <Note>{t.truncated}</Note>}
      {log.error && log.isRead && <Note>{t.lost}</Note>}
      {isEmpty ? (
        log.error && !log.isRead ? (
          <ErrorState error={log.error} onRetry={log.retry} />
        ) : log.isRead ? (
          <p className="px-3.5 py-8 text-center text-sm text-text-3">
            {t.filtered}
          </p>
        ) : (
          <SkeletonRows rows={3} />
        )
      ) : (
        <LogList
          rows={rows}
          words={searchText}
          current={hits[at]}
          isWrapped={isWrapped}
          isFollowing={isFollowing}
          isGrowing={isActive}
          onFollow={setFollowing}
          className={isTall ? 'max-h-[max(320px,calc(100dvh-320px))]' : 'max-h-72'}
        />
      )}
    </section>
  );
}

function Note({ children }: { children: string }) {
  return <p className="border-b px-3.5 py-1.5 text-xs text-tone-text tone-retry">{children}</p>;
}

type PaceProps = { isActive: boolean; isRunning: boolean; isHeld: boolean; isFollowing: boolean; isComplete: boolean };

/** Whether more lines are expected, and whether they are followed. */
function Pace({ isActive, isRunning, isHeld, isFollowing, isComplete }: PaceProps) {
  const t = useTranslations(logTranslations);
  if (!isActive) return isComplete ? <span className="text-xs text-text-3">{t.ended}</span> : null;
  const word = isHeld ? t.held : !isRunning ? t.waiting : isFollowing ? t.following : null;
  if (word === null) return null;
  const isLive = isRunning && !isHeld;
  return (
    <span className="flex items-center gap-1.5 text-xs text-text-2">
      <span aria-hidden className={cn('size-1.5 rounded-full bg-tone', isLive ? 'tone-ok' : 'tone-neutral')} />
      {word}
    </span>
  );
}
