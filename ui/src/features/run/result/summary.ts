import { MESSAGE_STATES, type MessageState } from '@/components/message-state';
import type { Lang } from '@/lib/i18n';
import { WATCH_STATES, type WatchState } from '@/lib/monitor-states';
import type { Tone } from '@/lib/run-states';
import { formatBytes, formatDuration, formatNumber } from '@/lib/time';
import type { LucideIcon } from 'lucide-react';
import { ArchiveRestore, Timer } from 'lucide-react';
import { resultTranslations } from './translations';

/** The result of a run in words. */
export type Summary = {
  tone: Tone;
  icon: LucideIcon;
  /** The outcome first: "Down", "HTTP 503", "6 in a row". */
  parts: string[];
  /** A sentence below: why it is down, or the first lines of a report. */
  detail: string;
  link?: { href: string; label: 'reports' | 'message' };
};

type Output = Record<string, unknown>;
type Words = (typeof resultTranslations)['en'];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const record = (value: unknown): Output | null => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Output) : null);
const compact = (parts: (string | false | null)[]): string[] => parts.filter((part): part is string => Boolean(part));

/** The summary of an output by job type; null if the type is unknown, or if the output has another form. */
export function summaryOf(type: string, output: unknown, lang: Lang): Summary | null {
  const found = record(output);
  if (found === null) return null;
  const words = resultTranslations[lang];
  if (type.startsWith('monitor.')) return monitor(found, words, lang);
  return SUMMARIES[type]?.(found, words, lang) ?? null;
}

function monitor(output: Output, t: Words, lang: Lang): Summary | null {
  const state = text(output.state);
  if (!Object.hasOwn(WATCH_STATES, state)) return null;
  const look = WATCH_STATES[state as WatchState];
  const [status, latency, inARow] = [number(output.status), number(output.latency_ms), number(output.fails_in_a_row)];
  const heldBack = text(output.held_back);
  return {
    tone: look.tone,
    icon: look.icon,
    parts: compact([
      look.label[lang],
      status !== null && `HTTP ${status}`,
      inARow !== null && inARow > 0 && t.inARow(formatNumber(inARow, lang)),
      latency !== null && formatDuration(latency, lang),
      heldBack && t.heldBack(heldBack),
    ]),
    // The status of a site that is up says nothing more.
    detail: state === 'up' ? '' : text(output.detail),
  };
}

/** Where a message went; null if the receipt has another form. */
function receipt(output: Output, t: Words): string | null {
  const [channel, account, to] = [text(output.channel), text(output.account_id), text(output.to)];
  return channel ? t.to(compact([channel, account !== 'default' && account]).join(' '), to) : null;
}

const messageHref = (id: string) => `/messages?message=${encodeURIComponent(id)}`;

const SUMMARIES: Record<string, (output: Output, t: Words, lang: Lang) => Summary | null> = {
  'message.send': (output, t) => {
    const went = receipt(output, t);
    if (went === null) return null;
    const look = MESSAGE_STATES.delivered;
    return { tone: look.tone, icon: look.icon, parts: [t.sent, went], detail: text(output.note), link: { href: messageHref(text(output.entry_id)), label: 'message' } };
  },
  'report.daily': (output, t, lang) => {
    const delivered = record(output.delivered);
    const went = delivered && receipt(delivered, t);
    const state = text(delivered?.state);
    if (!delivered || !went || !Object.hasOwn(MESSAGE_STATES, state)) return null;
    const look = MESSAGE_STATES[state as MessageState];
    const files = Array.isArray(output.files) ? output.files.length : 0;
    return {
      tone: look.tone,
      icon: look.icon,
      parts: compact([t.report(look.label[lang]), went, files > 0 && t.files(formatNumber(files, lang), files === 1)]),
      detail: compact([text(output.summary), text(delivered.note)]).join('\n'),
      link: { href: '/reports', label: 'reports' },
    };
  },
  'backup.export': (output, t, lang) => {
    const bytes = number(output.bytes);
    if (bytes === null || !text(output.file)) return null;
    const counts = record(output.counts) ?? {};
    const unreadable = number(output.unreadable) ?? 0;
    const removed = Array.isArray(output.removed) ? output.removed.length : 0;
    const counted = (name: 'job' | 'run' | 'message', say: (n: string, isOne: boolean) => string) => {
      const count = number(counts[name]) ?? 0;
      return count > 0 && say(formatNumber(count, lang), count === 1);
    };
    return {
      tone: unreadable > 0 ? 'retry' : 'ok',
      icon: ArchiveRestore,
      parts: compact([
        t.exported,
        formatBytes(bytes, lang),
        counted('job', t.jobs),
        counted('run', t.runs),
        counted('message', t.messages),
        removed > 0 && t.removed(formatNumber(removed, lang), removed === 1),
      ]),
      detail: compact([unreadable > 0 && t.unreadable(formatNumber(unreadable, lang), unreadable === 1), text(output.file)]).join('\n'),
      link: { href: '/reports', label: 'reports' },
    };
  },
  'simulation.load': (output, t, lang) => {
    const slept = number(output.slept_ms);
    if (slept === null) return null;
    const payload = text(output.payload).length;
    return { tone: 'ok', icon: Timer, parts: compact([t.slept(formatDuration(slept, lang)), payload > 0 && t.payload(formatBytes(payload, lang))]), detail: '' };
  },
};
