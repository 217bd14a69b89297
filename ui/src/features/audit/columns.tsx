'use client';

import { Ban, Check, CircleX, type LucideIcon } from 'lucide-react';
import { ROW_LINK, type Column } from '@/components/table/data-table';
import { RelativeTime } from '@/components/time';
import { Badge } from '@/components/ui/badge';
import { Link } from '@/components/ui/link';
import { cn } from '@/lib/cn';
import { useTranslations } from '@/lib/i18n';
import type { Tone } from '@/lib/run-states';
import { actionTranslations, targetHref } from './actions';
import type { AuditEntry } from './queries';
import { translations } from './translations';

const OUTCOMES: Record<AuditEntry['outcome'], { tone: Tone; icon: LucideIcon }> = {
  ok: { tone: 'ok', icon: Check },
  refused: { tone: 'retry', icon: Ban },
  failed: { tone: 'fail', icon: CircleX },
};

export function OutcomeBadge({ entry }: { entry: AuditEntry }) {
  const t = useTranslations(translations);
  return (
    <span className="flex items-center gap-1.5">
      <Badge tone={OUTCOMES[entry.outcome].tone} icon={OUTCOMES[entry.outcome].icon}>
        {t[entry.outcome]}
      </Badge>
      {entry.status !== null && <span className="text-xs text-text-3">{entry.status}</span>}
    </span>
  );
}

/** The name of an action; an unknown operation is shown unchanged. */
export function useActionName(): (action: string) => string {
  const names: Record<string, string> = useTranslations(actionTranslations);
  return (action) => names[action] ?? action;
}

export function Target({ target }: { target: string }) {
  const href = targetHref(target);
  if (href === null) return <span className="font-mono text-xs text-text-2">{target}</span>;
  return (
    <Link href={href} className="relative z-10 font-mono text-xs underline decoration-border-strong underline-offset-2 hover:decoration-text">
      {target}
    </Link>
  );
}

export function useAuditColumns(onOpen: (entry: AuditEntry) => void): Column<AuditEntry>[] {
  const t = useTranslations(translations);
  const act = useActionName();
  return [
    {
      id: 'action',
      header: t.action,
      width: 'minmax(0,1.2fr)',
      card: 'title',
      cell: (entry) => (
        <button type="button" aria-label={t.open(act(entry.action))} onClick={() => onOpen(entry)} className={cn('max-w-full truncate text-left font-medium', ROW_LINK)}>
          {act(entry.action)}
        </button>
      ),
    },
    {
      id: 'target',
      header: t.target,
      width: 'minmax(0,1.6fr)',
      card: 'wide',
      cell: (entry) => <Target target={entry.target} />,
    },
    {
      id: 'actor',
      header: t.actor,
      width: 'minmax(0,0.9fr)',
      cell: (entry) => (
        <span className="min-w-0 truncate">
          {entry.actor} <span className="text-xs text-text-3">{entry.role}</span>
        </span>
      ),
    },
    { id: 'outcome', header: t.outcome, width: '124px', cell: (entry) => <OutcomeBadge entry={entry} /> },
    {
      id: 'changes',
      header: t.changes,
      width: '76px',
      align: 'end',
      card: 'hidden',
      cell: (entry) => (entry.diff.length > 0 ? entry.diff.length : <span className="text-text-3">–</span>),
    },
    {
      id: 'at',
      header: t.time,
      width: '96px',
      align: 'end',
      cell: (entry) => <RelativeTime at={entry.at} className="text-text-2" />,
    },
  ];
}
