'use client';

import type { JsonObject } from '@/components/schema-form';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatDuration, formatNumber } from '@/lib/time';
import type { Lang } from '@/lib/i18n';
import { placeTimes, retryPlan, type RetryPlan } from './retry-model';
import { retryTranslations } from './translations';

const HEIGHT = 52;
const LINE_Y = 20;
// The smallest readable distance of two labels on a phone, as a share of the line.
const LABEL_GAP = 0.16;
const MAX_LABELS = 8;

/** A duration in seconds in its shortest form: "0 s", "1.5 s", "2m 05s". */
function span(seconds: number, lang: Lang): string {
  return seconds === 0 ? `0${lang === 'id' ? ' dtk' : 's'}` : formatDuration(seconds * 1_000, lang);
}

/** The attempts that get a label: as many as fit, and always the last one. */
function labelled(places: readonly number[]): Set<number> {
  const last = places.length - 1;
  const chosen = new Set([last]);
  let right = -Infinity;
  places.forEach((x, index) => {
    if (index === last || x - right < LABEL_GAP || (places[last] ?? 0) - x < LABEL_GAP) return;
    chosen.add(index);
    right = x;
  });
  return chosen;
}

/** The attempts of a run that always fails, as a sentence. */
function useSentence(plan: RetryPlan): string {
  const t = useTranslations(retryTranslations);
  const lang = useLang();
  const { at, jitter } = plan;
  if (at.length === 1) return t.once;
  const total = at.at(-1) ?? 0;
  const labelled = at.length > MAX_LABELS + 1 ? at.slice(0, MAX_LABELS) : at.slice(0, -1);
  const rest = at.length - labelled.length;
  const end = span(total, lang);
  const ending = rest > 1 ? `${t.more(formatNumber(rest, lang))} (${t.last} ${end})` : end;
  const times = `${labelled.map((each) => span(each, lang)).join(', ')} ${t.and} ${ending}`;
  const spread = jitter > 0 ? ` ${t.spread(`${formatNumber(jitter * 100, lang, 1)}%`)}` : '';
  return `${t.tries(times)}${t.total(end)}${spread}`;
}

/** The attempts on a time line; the sentence below describes the same. */
export function RetryTimeline({ policy }: { policy: JsonObject }) {
  const t = useTranslations(retryTranslations);
  const plan = retryPlan(policy);
  if (plan === null) return <p className="text-sm text-text-3">{t.unknown}</p>;
  return <Drawing plan={plan} />;
}

function Drawing({ plan }: { plan: RetryPlan }) {
  const t = useTranslations(retryTranslations);
  const lang = useLang();
  const sentence = useSentence(plan);
  const { places, isStretched } = placeTimes(plan.at);
  const shown = labelled(places);
  return (
    <figure className="grid gap-1">
      <div className="px-1">
        <svg role="img" aria-label={`${t.drawing}: ${sentence}`} height={HEIGHT} className="w-full overflow-visible">
          <line x1="0" x2={percent(places.at(-1) ?? 0)} y1={LINE_Y} y2={LINE_Y} className="stroke-tone tone-retry" strokeWidth={4} strokeOpacity={0.55} />
          {places.map((place, index) => (
            <g key={index} className={index === 0 ? 'tone-run' : 'tone-retry'}>
              <line x1={percent(place)} x2={percent(place)} y1={LINE_Y - 9} y2={LINE_Y + 9} className="stroke-tone" strokeWidth={5} />
              {shown.has(index) && (
                <text x={percent(place)} y={HEIGHT - 6} textAnchor={anchor(index, places.length)} className="fill-text-2 text-2xs">
                  {span(plan.at[index] ?? 0, lang)}
                </text>
              )}
            </g>
          ))}
        </svg>
      </div>
      <figcaption className="grid gap-0.5">
        <span className="text-sm">{sentence}</span>
        <span className="text-xs text-text-3">{[t.apart, isStretched && t.stretched].filter(Boolean).join(' ')}</span>
      </figcaption>
    </figure>
  );
}

function percent(place: number): string {
  return `${place * 100}%`;
}

function anchor(index: number, count: number): 'start' | 'middle' | 'end' {
  if (index === 0) return 'start';
  return index === count - 1 ? 'end' : 'middle';
}
