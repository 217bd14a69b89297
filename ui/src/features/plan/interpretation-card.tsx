'use client';

import { Languages, ListChecks, Sparkles } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { cn } from '@/lib/cn';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { Notes } from './notes';
import { ownNotes, type Plan } from './queries';
import { UNUSED, roleTranslations, segmentsOf, type Segment } from './interpretation';

const translations = defineTranslations(
  {
    title: 'How it was understood',
    id: 'Indonesian',
    en: 'English',
    rule_based: 'Planned by rules',
    smolagents: 'Planned by a model',
    legend: 'Parts of the sentence',
  },
  {
    title: 'Begini kalimat dipahami',
    id: 'Bahasa Indonesia',
    en: 'Bahasa Inggris',
    rule_based: 'Direncanakan oleh aturan',
    smolagents: 'Direncanakan oleh model',
    legend: 'Bagian kalimat',
  },
);

/** The prompt with the role of each word, the planner's name, and notes on the whole plan. */
export function InterpretationCard({ plan }: { plan: Plan }) {
  const t = useTranslations(translations);
  const [highlighted, setLooked] = useState<string | null>(null);
  const segments = segmentsOf(plan.prompt, plan.explain);
  const roles = [...new Set(segments.flatMap((segment) => segment.role ?? []))];
  const [warnings, assumptions] = [ownNotes(plan, 'warnings'), ownNotes(plan, 'assumptions')];
  return (
    <Card
      title={t.title}
      aside={
        <span className="flex flex-wrap justify-end gap-1.5">
          <Badge icon={Languages}>{t[plan.language]}</Badge>
          <Badge icon={plan.planner_source === 'smolagents' ? Sparkles : ListChecks}>{t[plan.planner_source]}</Badge>
        </span>
      }
    >
      <div className="grid gap-3 p-4">
        <p lang={plan.language} className="text-base leading-9 break-words whitespace-pre-wrap">
          {segments.map((segment, at) => (
            <Part key={at} segment={segment} highlighted={highlighted} onHighlight={setLooked} />
          ))}
        </p>
        <Legend roles={roles} highlighted={highlighted} onHighlight={setLooked} />
        <p lang={plan.language} className="border-t pt-3 text-sm font-medium">
          {plan.summary}
        </p>
        <Notes warnings={warnings} assumptions={assumptions} />
      </div>
    </Card>
  );
}

type HighlightProps = { highlighted: string | null; onHighlight: (role: string | null) => void };

function Part({ segment, highlighted: highlighted, onHighlight: onHighlight }: { segment: Segment } & HighlightProps) {
  const name = useRoleName();
  const { text, role } = segment;
  if (role === null) return text;
  return (
    <span
      title={name(role)}
      data-role={role}
      onPointerEnter={() => onHighlight(role)}
      onPointerLeave={() => onHighlight(null)}
      className={cn(
        'rounded-[3px] border-b-2 pb-px transition-colors duration-[120ms]',
        role === UNUSED ? 'border-dotted border-border-strong text-text-3' : 'border-border-strong',
        highlighted === role && 'bg-selected',
      )}
    >
      {text}
      <span className="sr-only"> ({name(role)})</span>
      <span aria-hidden className="ml-1 align-[-1px] text-2xs whitespace-nowrap text-text-3 select-none">
        {name(role)}
      </span>
    </span>
  );
}

/** The roles in the prompt; hovering one highlights its words. */
function Legend({ roles, highlighted: highlighted, onHighlight: onHighlight }: { roles: string[] } & HighlightProps) {
  const t = useTranslations(translations);
  const name = useRoleName();
  if (roles.length === 0) return null;
  return (
    <ul aria-label={t.legend} className="flex flex-wrap gap-1.5">
      {roles.map((role) => (
        <li key={role}>
          <button
            type="button"
            aria-pressed={highlighted === role}
            onPointerEnter={() => onHighlight(role)}
            onPointerLeave={() => onHighlight(null)}
            onFocus={() => onHighlight(role)}
            onBlur={() => onHighlight(null)}
            className={cn('rounded-control border px-1.5 text-xs leading-5 text-text-2', highlighted === role && 'bg-selected text-text')}
          >
            <span className={cn('border-b-2 border-border-strong', role === UNUSED && 'border-dotted text-text-3')}>{name(role)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function useRoleName(): (role: string) => string {
  const names: Record<string, string> = useTranslations(roleTranslations);
  return (role) => names[role] ?? role;
}
