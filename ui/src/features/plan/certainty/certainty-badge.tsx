'use client';

import { CircleCheck, CircleHelp, Eye, MessageCircleQuestion } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import type { PlannedJob } from '../queries';
import { checkText, fieldName, fieldTranslations, type CheckField } from './field-names';
import type { Standing } from './standing';

export const certaintyTranslations = defineTranslations(
  { certain: 'Certain', agreed: 'Confirmed by you', question: 'Answer first', doubt: 'Confirm first' },
  { certain: 'Yakin', agreed: 'Anda pastikan', question: 'Jawab dulu', doubt: 'Pastikan dulu' },
);

type Props = {
  job: PlannedJob;
  standing: Standing;
  /** Opens the editor at a field; absent if the job has no editor. */
  onCheck?: (field: CheckField) => void;
};

/** How sure the planner is of a job, in words. A field to look at is a button that leads to it. */
export function CertaintyBadge({ job, standing, onCheck }: Props) {
  const t = useTranslations(certaintyTranslations);
  const names = useTranslations(fieldTranslations);
  switch (standing.kind) {
    case 'check':
      return (
        <span className="flex flex-wrap justify-end gap-1.5" data-certainty="check">
          {standing.fields.map((field) => {
            const text = checkText([fieldName(field, job, names)], names);
            const badge = (
              <Badge tone="retry" icon={Eye} className={onCheck && 'group-hover:underline'}>
                {text}
              </Badge>
            );
            if (!onCheck || field === 'job') return <span key={field}>{badge}</span>;
            return (
              <button key={field} type="button" className="group rounded-badge" aria-label={`${text}: ${job.job_spec.job_id}`} onClick={() => onCheck(field)}>
                {badge}
              </button>
            );
          })}
        </span>
      );
    case 'question':
    case 'doubt':
      return (
        <Badge data-certainty="ask" tone="retry" icon={standing.kind === 'question' ? MessageCircleQuestion : CircleHelp}>
          {t[standing.kind]}
        </Badge>
      );
    default:
      return (
        <Badge data-certainty="certain" tone={standing.kind === 'agreed' ? 'neutral' : 'ok'} icon={CircleCheck}>
          {t[standing.kind]}
        </Badge>
      );
  }
}
