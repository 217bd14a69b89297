'use client';

import type { JsonObject } from '@/components/schema-form';
import { useLang, useWords } from '@/lib/i18n';
import { formatDuration, formatNumber } from '@/lib/time';
import type { Lang } from '@/lib/i18n';
import { placeTimes, retryPlan, type RetryPlan } from './retry-model';
import { retryWords as words } from './retry-words';

const WIDTH = 560;
const HEIGHT = 56;
const EDGE = 14;
const LINE_Y = 24;
const LABEL_GAP = 52;
const TOLD = 8;

/** A length in seconds as short as it can be told: "0 s", "1.5 s", "2m 05s". */
function span(seconds: number, lang: Lang): string {
  return seconds === 0 ? `0${lang === 'id' ? ' dtk' : 's'}` : formatDuration(seconds * 1_000, lang);
}

/** Which tries have their time below them: as many as stand side by side, the last one always. */
function labelled(xs: readonly number[]): Set<number> {
  const last = xs.length - 1;
  const chosen = new Set([last]);
  let right = -Infinity;
  xs.forEach((x, index) => {
    if (index === last || x - right < LABEL_GAP || (xs[last] ?? 0) - x < LABEL_GAP) return;
    chosen.add(index);
    right = x;
  });
  return chosen;
}

/** When a run that fails each time is tried, in a sentence. */
function useSentence(plan: RetryPlan): string {
  const t = useWords(words);
  const lang = useLang();
  const { at, jitter } = plan;
  if (at.length === 1) return t.once;
  const total = at.at(-1) ?? 0;
  const told = at.length > TOLD + 1 ? at.slice(0, TOLD) : at.slice(0, -1);
  const rest = at.length - told.length;
  const end = span(total, lang);
  const ending = rest > 1 ? `${t.more(formatNumber(rest, lang))} (${t.last} ${end})` : end;
  const times = `${told.map((each) => span(each, lang)).join(', ')} ${t.and} ${ending}`;
  const spread = jitter > 0 ? ` ${t.spread(`${formatNumber(jitter * 100, lang, 1)}%`)}` : '';
  return `${t.tries(times)}${t.total(end)}${spread}`;
}

/** The tries on a line of time, drawn anew with each change; the sentence below says the same. */
export function RetryTimeline({ policy }: { policy: JsonObject }) {
  const t = useWords(words);
  const plan = retryPlan(policy);
  if (plan === null) return <p className="text-sm text-text-3">{t.unknown}</p>;
  return <Drawing plan={plan} />;
}

function Drawing({ plan }: { plan: RetryPlan }) {
  const t = useWords(words);
  const lang = useLang();
  const sentence = useSentence(plan);
  const { places, isStretched } = placeTimes(plan.at);
  const xs = places.map((place) => EDGE + place * (WIDTH - 2 * EDGE));
  const shown = labelled(xs);
  return (
    <figure className="grid gap-1">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${t.drawing}: ${sentence}`} className="h-14 w-full">
        <line x1={EDGE} x2={xs.at(-1)} y1={LINE_Y} y2={LINE_Y} className="stroke-tone tone-retry" strokeWidth={4} strokeOpacity={0.55} />
        {xs.map((x, index) => (
          <g key={index}>
            <rect x={x - 3} y={LINE_Y - 9} width={6} height={18} rx={1} className={index === 0 ? 'fill-tone tone-run' : 'fill-tone tone-retry'} />
            {shown.has(index) && (
              <text x={x} y={HEIGHT - 6} textAnchor={anchor(index, xs.length)} className="fill-text-2 text-2xs">
                {span(plan.at[index] ?? 0, lang)}
              </text>
            )}
          </g>
        ))}
      </svg>
      <figcaption className="grid gap-0.5">
        <span className="text-sm">{sentence}</span>
        <span className="text-xs text-text-3">{[t.apart, isStretched && t.stretched].filter(Boolean).join(' ')}</span>
      </figcaption>
    </figure>
  );
}

function anchor(index: number, count: number): 'start' | 'middle' | 'end' {
  if (index === 0) return 'start';
  return index === count - 1 ? 'end' : 'middle';
}
