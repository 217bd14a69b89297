'use client';

import { CalendarOff, Info } from 'lucide-react';
import type { Schemas } from '@/lib/api/client';
import { useLang, useTranslations, type Lang } from '@/lib/i18n';
import { formatClock, formatNumber } from '@/lib/time';
import { skipTranslations } from './skip-translations';

type Skipped = Schemas['SkippedBody'];

function formatDay(at: string, zone: string, lang: Lang): string {
  return new Intl.DateTimeFormat(lang === 'id' ? 'id-ID' : 'en-GB', { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(at));
}

/** A range of slots: one with its time, several of a day with theirs, else the days. */
function rangeText({ from, to, slots }: Skipped, zone: string, lang: Lang): string {
  const [first, last] = [formatDay(from, zone, lang), formatDay(to, zone, lang)];
  if (slots === 1) return `${first}, ${formatClock(from, zone, false)}`;
  if (first === last) return `${first}, ${formatClock(from, zone, false)}–${formatClock(to, zone, false)}`;
  return `${first} – ${last}`;
}

type Props = { skipped: readonly Skipped[]; notes: readonly Schemas['WordsBody'][]; zone: string };

/** The slots ahead that a schedule leaves out, each with its reason, and what is not sure about the holidays. */
export function SkippedSlots({ skipped, notes, zone }: Props) {
  const t = useTranslations(skipTranslations);
  const lang = useLang();
  if (skipped.length + notes.length === 0) return null;
  return (
    <div className="grid gap-1.5" data-skipped>
      {skipped.length > 0 && (
        <>
          <h3 className="flex items-center gap-1.5 text-xs font-medium text-text-2">
            <CalendarOff aria-hidden className="size-3.5" />
            {t.left}
          </h3>
          <ul className="grid gap-1 text-sm">
            {skipped.map((each) => (
              <li key={each.from} className="flex flex-wrap gap-x-2 text-text-2">
                <time dateTime={each.from}>{rangeText(each, zone, lang)}</time>
                {each.slots > 1 && <span className="text-text-3">{t.slots(formatNumber(each.slots, lang))}</span>}
                <span className="min-w-0 break-words text-text">{each.reason[lang]}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {notes.map((note) => (
        <p key={note.en} className="flex gap-1.5 text-xs text-text-2">
          <Info aria-hidden className="mt-px size-3.5 shrink-0" />
          {note[lang]}
        </p>
      ))}
    </div>
  );
}
