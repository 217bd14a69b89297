'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CircleDashed, CircleX, type LucideIcon } from 'lucide-react';
import { Link } from '@/components/ui/link';
import type { ReactNode } from 'react';
import { useUnknownText } from '@/components/unknown-badge';
import type { Schemas } from '@/lib/api/client';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { useUnknownSince } from '@/lib/live/provider';
import { queries } from '@/lib/api/queries';
import { TONE_CLASS, type Tone } from '@/lib/run-states';
import { formatBytes, formatNumber, formatRough } from '@/lib/time';
import { roundTrip } from './queries';
import { overviewTranslations } from './translations';

type State = 'ok' | 'warn' | 'bad' | 'unknown';
const LOOKS: Record<State, { icon: LucideIcon; tone: Tone }> = {
  ok: { icon: CircleCheck, tone: 'ok' },
  warn: { icon: CircleAlert, tone: 'retry' },
  bad: { icon: CircleX, tone: 'fail' },
  unknown: { icon: CircleDashed, tone: 'neutral' },
};
const STATE_OF: Record<Schemas['Check']['status'], State> = {
  ok: 'ok',
  late: 'warn',
  busy: 'warn',
  missing: 'bad',
  stalled: 'bad',
  refusing: 'bad',
};

/** The five services, each with its state and one figure. */
export function ServiceStrip() {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  const latency = useQuery(roundTrip());
  const readiness = useQuery(queries.readiness());
  const platform = useQuery(queries.platform());
  const number = (value: number, digits = 0) => formatNumber(value, lang, digits);

  const since = useUnknownSince(readiness.dataUpdatedAt);
  const unknown = useUnknownText(since ?? 0);
  // Without a response of the API the state of everything is unknown.
  const isKnown = since === null && readiness.data !== undefined;
  const checks = isKnown ? readiness.data.checks : undefined;
  const word = since === null ? t.unknown : unknown;
  const of = (check: Schemas['Check'] | undefined) => ({
    state: check ? STATE_OF[check.status] : ('unknown' as const),
    word: check ? t[check.status] : word,
  });
  const redis = platform.data?.redis;
  return (
    <ul aria-label={t.services} className={STRIP}>
      <Service
        name={t.api}
        state={isKnown ? 'ok' : 'unknown'}
        word={isKnown ? t.ok : word}
        detail={isKnown && latency.data !== undefined && `${number(latency.data, latency.data < 10 ? 1 : 0)} ms`}
        title={t.roundTrip}
      />
      <Service
        name={t.scheduler}
        {...of(checks?.scheduler)}
        detail={typeof checks?.scheduler.age_ms === 'number' && t.tick(formatRough(checks.scheduler.age_ms, lang))}
      />
      <Workers {...of(checks?.worker)} isKnown={checks !== undefined} />
      <Connector {...of(checks?.connector)} isKnown={checks !== undefined} />
      <Service
        name={t.redis}
        {...of(checks?.redis)}
        detail={checks?.redis.status === 'ok' && redis && `${number(redis.latency_ms, 1)} ms · ${formatBytes(redis.used_memory_bytes, lang)}`}
        last
      />
    </ul>
  );
}

type Health = { state: State; word: string; isKnown: boolean };

function Workers({ state, word, isKnown }: Health) {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  const { data } = useQuery(queries.workers());
  const used = data?.reduce((sum, worker) => sum + worker.running.length, 0) ?? 0;
  const all = data?.reduce((sum, worker) => sum + worker.concurrency, 0) ?? 0;
  const draining = data?.filter((worker) => worker.draining).length ?? 0;
  const parts = data && [
    t.live(formatNumber(data.length, lang)),
    t.slots(formatNumber(used, lang), formatNumber(all, lang)),
    ...(draining > 0 ? [t.draining(formatNumber(draining, lang))] : []),
  ];
  return <Service name={t.worker} state={state} word={word} hideWord={state === 'ok'} detail={isKnown && parts?.join(' · ')} href="/workers" />;
}

function Connector({ state, word, isKnown }: Health) {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  const { data } = useQuery(queries.connectors());
  const accounts = data?.flatMap((channel) => channel.accounts).filter((account) => account.enabled) ?? [];
  const unwell = accounts.filter((account) => account.health && account.health.state !== 'up');
  const isUnwell = state === 'ok' && unwell.length > 0;
  const detail =
    unwell.length > 0
      ? unwell.map((account) => `${account.channel}/${account.account_id}`).join(', ')
      : data && (accounts.length > 0 ? t.accounts(formatNumber(accounts.length, lang), accounts.length === 1) : t.noAccounts);
  return (
    <Service
      name={t.connector}
      state={isUnwell ? 'warn' : state}
      word={isUnwell ? t.degradedAccounts : word}
      detail={isKnown && detail}
      href="/connectors"
    />
  );
}

const STRIP =
  'grid gap-px overflow-hidden rounded-card border bg-border sm:grid-cols-2 lg:grid-cols-3 xl:grid-cols-5';
const CELL = 'flex h-full min-h-9 min-w-0 items-center gap-2 bg-surface px-3.5 py-1';

type ServiceProps = {
  name: string;
  state: State;
  word: string;
  /** Icon and details show the state already; this text is for screen readers. */
  hideWord?: boolean;
  detail?: ReactNode;
  title?: string;
  href?: string;
  last?: boolean;
};

function Service({ name, state, word, hideWord, detail, title, href, last }: ServiceProps) {
  const { icon: Icon, tone } = LOOKS[state];
  const text = [word, detail].filter(Boolean).join(' · ');
  const body = (
    <>
      <Icon aria-hidden className="size-3.5 shrink-0 text-tone" strokeWidth={2.25} />
      <span className="shrink-0 font-medium">{name}</span>
      <span title={title ? `${text} (${title})` : text} className={cn('text-xs text-text-2', state !== 'unknown' && 'truncate')}>
        <span className={cn(hideWord && 'sr-only', state !== 'ok' && 'font-medium text-tone-text')}>{word}</span>
        {detail && (
          <>
            <span className={cn(hideWord && 'sr-only')}> · </span>
            <span suppressHydrationWarning>{detail}</span>
          </>
        )}
      </span>
    </>
  );
  return (
    <li data-state={state} className={cn('min-w-0', TONE_CLASS[tone], last && 'sm:col-span-2 xl:col-span-1')}>
      {href ? (
        <Link href={href} className={cn(CELL, 'hover:bg-hover focus-visible:-outline-offset-2')}>
          {body}
        </Link>
      ) : (
        <div className={CELL}>{body}</div>
      )}
    </li>
  );
}
