'use client';

import { CirclePause, CircleX, Inbox, Power, Snowflake, TriangleAlert, Unplug, CalendarX2, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { toast } from '@/lib/toast';
import { Badge } from '@/components/ui/badge';
import { Button, ButtonLink } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { STATUS_COMMAND } from '@/components/ui/states';
import { useResume } from '@/lib/api/use-resume';
import { useLang, useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import type { Tone } from '@/lib/run-states';
import { formatDuration, formatNumber } from '@/lib/time';
import type { AccountTrouble, Attention } from './attention';
import { overviewTranslations } from './translations';

const ACCOUNT_LOOKS: Record<AccountTrouble, { tone: Tone; icon: LucideIcon }> = {
  down: { tone: 'fail', icon: CircleX },
  degraded: { tone: 'retry', icon: TriangleAlert },
  absent: { tone: 'retry', icon: Unplug },
  off: { tone: 'neutral', icon: Power },
};

/** One problem that needs a person. */
export function AttentionRow({ item, now }: { item: Attention; now: number }) {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  switch (item.kind) {
    case 'service': {
      const effect = { scheduler: t.nothingFires, worker: t.nothingRuns, connector: t.nothingIsSent, redis: t.nothingIsStored }[item.service];
      const isWarning = item.status === 'late' || item.status === 'busy';
      const command = item.nextStep || STATUS_COMMAND;
      return (
        <Row
          badge={<Badge tone={isWarning ? 'retry' : 'fail'} icon={isWarning ? TriangleAlert : CircleX}>{t[item.status]}</Badge>}
          text={`${t[item.service]}: ${item.reason || effect}`}
          act={
            <span className="flex items-center gap-0.5">
              <code className="rounded-[4px] border bg-raised px-1.5 font-mono text-xs">{command}</code>
              <CopyButton text={command} />
            </span>
          }
        />
      );
    }
    case 'paused':
      return <PausedRow scope={item.scope} />;
    case 'dead': {
      const { group } = item;
      const message = group.error?.message ?? '';
      return (
        <Row
          badge={<Badge tone="fail" icon={Inbox}>{t.badgeDead}</Badge>}
          text={[group.jobs[0], message].filter(Boolean).join(' · ')}
          count={`×${formatNumber(group.count, lang)}`}
          act={<Go href={`/dead-letters?open=${encodeURIComponent(group.fingerprint)}`} label={t.inspect} />}
        />
      );
    }
    case 'account': {
      const accountTexts = { down: t.accountDown, degraded: t.accountDegraded, absent: t.accountAbsent, off: t.accountOff };
      const first = item.usedBy[0];
      const note = item.detail || (first ? t.usedBy(first, item.usedBy.length - 1) : '');
      return (
        <Row
          badge={<Badge {...ACCOUNT_LOOKS[item.state]}>{accountTexts[item.state]}</Badge>}
          text={[`${item.channel}/${item.accountId}`, note].filter(Boolean).join(' · ')}
          act={
            item.state === 'absent' ? (
              <Go href={`/connectors?connect=${encodeURIComponent(`${item.channel}:${item.accountId}`)}`} label={t.setUp} />
            ) : (
              <Go href="/connectors" label={t.open} />
            )
          }
        />
      );
    }
    case 'cooling': {
      const left = Math.max(0, Math.floor((Date.parse(item.until) - now) / 1_000) * 1_000);
      return (
        <Row
          badge={<Badge tone="retry" icon={Snowflake}>{t.badgeCooling}</Badge>}
          text={`${item.jobId} · ${t.left(formatDuration(left, lang))}`}
          act={<Go href={`/jobs/${encodeURIComponent(item.jobId)}`} label={t.open} />}
        />
      );
    }
    case 'no_next':
      return (
        <Row
          badge={<Badge tone="retry" icon={CalendarX2}>{t.badgeNoNext}</Badge>}
          text={t.noNext(item.jobId)}
          act={<Go href={`/jobs/${encodeURIComponent(item.jobId)}?tab=schedule`} label={t.open} />}
        />
      );
  }
}

function PausedRow({ scope }: { scope: Extract<Attention, { kind: 'paused' }>['scope'] }) {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  const canWork = useCan('operator');
  const { mutate, isPending } = useResume(scope, () => toast.success(t.resumed));
  const what = scope.scope === 'all' ? t.everything : scope.scope === 'type' ? t.ofType(scope.name ?? '') : (scope.name ?? '');
  return (
    <Row
      badge={<Badge tone="retry" icon={CirclePause}>{t.badgePaused}</Badge>}
      text={[what, t.held(formatNumber(scope.held, lang)), scope.reason || scope.actor].filter(Boolean).join(' · ')}
      act={
        canWork && (
          <Button pending={isPending} onClick={() => mutate()}>
            {t.resume}
          </Button>
        )
      }
    />
  );
}

function Go({ href, label }: { href: string; label: string }) {
  return (
    <ButtonLink href={href}>
      {label}
    </ButtonLink>
  );
}

function Row({ badge, text, count, act }: { badge: ReactNode; text: string; count?: string; act: ReactNode }) {
  return (
    <li className="flex min-h-11 items-center gap-2.5 border-b px-3.5 py-1.5 last:border-b-0">
      <span className="shrink-0">{badge}</span>
      <span title={text} className="min-w-0 flex-1 truncate">
        {text}
      </span>
      {count && <span className="shrink-0 text-text-2">{count}</span>}
      <span className="shrink-0">{act}</span>
    </li>
  );
}
