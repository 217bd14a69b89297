'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { FormError } from '@/components/ui/form-error';
import { Link } from '@/components/ui/link';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { ActionFacts } from './action-facts';
import { CertaintyBadge } from './certainty/certainty-badge';
import { DoubtBox } from './certainty/doubt-box';
import { standingOf } from './certainty/standing';
import type { Agreements } from './certainty/use-agreements';
import { ChangeBadge } from './change-badge';
import { JobFacts, SpecText } from './job-facts';
import { Notes } from './notes/notes';
import { isSaved, type PlannedJob } from './queries';
import type { EditTarget } from './edit/edit-panel';
import type { Row } from './session/edits';
import { Question } from './session/question';
import type { PlanSession } from './session/use-plan-session';

const EditPanel = dynamic(() => import('./edit/edit-panel').then((module) => module.EditPanel), { ssr: false });

const translations = defineTranslations(
  {
    edit: 'Edit',
    leaveOut: 'Leave out',
    leftOut: 'Left out of this plan',
    putBack: 'Put back',
    makeNew: 'Make a new job instead',
    changeStored: 'Change the stored job instead',
    of: (action: string, job: string) => `${action}: ${job}`,
  },
  {
    edit: 'Ubah',
    leaveOut: 'Jangan ikutkan',
    leftOut: 'Tidak diikutkan dalam rencana ini',
    putBack: 'Ikutkan lagi',
    makeNew: 'Buat job baru saja',
    changeStored: 'Ubah job yang ada saja',
    of: (action: string, job: string) => `${action}: ${job}`,
  },
);

type Props = { row: Row; session: PlanSession; agreements: Agreements; isDone: boolean };

/** One job of a plan, or the place of one that is left out. */
export function JobCard({ row, ...rest }: Props) {
  return row.job === null ? <LeftOut row={row} session={rest.session} /> : <Planned job={row.job} row={row} {...rest} />;
}

function LeftOut({ row, session }: Pick<Props, 'row' | 'session'>) {
  const t = useTranslations(translations);
  const at = `leave/${row.id}`;
  return (
    <Card data-left-out={row.id} className="border-dashed">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-3.5 py-2 text-sm text-text-2">
        <span className="font-medium break-all line-through">{row.id}</span>
        <span>{t.leftOut}</span>
        <Button
          size="small"
          className="ml-auto"
          aria-label={t.of(t.putBack, row.id)}
          disabled={session.isPending}
          pending={session.pendingAt === at}
          onClick={() => session.edit(at, row.id, { leave_out: undefined })}
        >
          {t.putBack}
        </Button>
      </div>
      <FormError error={session.errorAt(at)} />
    </Card>
  );
}

function Planned({ job, row, session, agreements, isDone }: Props & { job: PlannedJob }) {
  // The editor opens at the field that it is opened for.
  const [editing, setEditing] = useState<EditTarget | null>(null);
  const { job_spec: spec, change } = job;
  const { prompt, notes } = session.current;
  const standing = standingOf(job, notes, session.edits[row.id], agreements.agreed);
  const own = notes.filter((note) => note.job === spec.job_id && note.kind !== 'question');
  const isEditable = isSaved(change) && !isDone;
  return (
    <Card
      data-job={spec.job_id}
      className={change === 'delete' ? 'border-tone tone-fail' : undefined}
      title={
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <ChangeBadge change={change} />
          {change === 'create' ? (
            <span className="break-all">{spec.job_id}</span>
          ) : (
            <Link href={`/jobs/${encodeURIComponent(spec.job_id)}`} className="break-all underline decoration-border-strong underline-offset-2 hover:decoration-text">
              {spec.job_id}
            </Link>
          )}
          <span className="font-mono text-xs font-normal text-text-2">{spec.type}</span>
        </span>
      }
      aside={!isDone && <CertaintyBadge job={job} standing={standing} onCheck={isEditable ? (field) => setEditing({ field }) : undefined} />}
    >
      <div className="grid gap-3 p-4">
        {!isDone && standing.kind === 'question' && standing.questions.length > 0 && (
          <ul className="grid gap-4 rounded-control border border-tone p-3 tone-retry">
            {standing.questions.map((question, at) => (
              <li key={`${at}/${question.text}`}>
                <Question question={question} at={`question/${spec.job_id}/${at}`} session={session} />
              </li>
            ))}
          </ul>
        )}
        {!isDone && standing.kind === 'doubt' && <DoubtBox jobId={spec.job_id} onAgree={() => agreements.agree(job)} />}
        {isSaved(change) ? <JobFacts job={job} jobs={session.current.jobs} /> : <ActionFacts job={job} />}
        <Notes notes={own} prompt={prompt} />
        {isSaved(change) && <SpecText spec={spec} />}
      </div>
      {!isDone && <Actions job={job} row={row} session={session} isEditing={editing !== null} onEdit={() => setEditing(editing ? null : { field: null })} />}
      {editing && !isDone && <EditPanel job={job} id={row.id} session={session} target={editing} onClose={() => setEditing(null)} />}
    </Card>
  );
}

type ActionsProps = { job: PlannedJob; row: Row; session: PlanSession; isEditing: boolean; onEdit: () => void };

/** What the user can do with a job of the plan before it is applied. */
function Actions({ job, row, session, isEditing, onEdit }: ActionsProps) {
  const t = useTranslations(translations);
  const { id, base } = row;
  const isNew = session.edits[id]?.make_new === true;
  const leave = `leave/${id}`;
  const make = `new/${id}`;
  const name = job.job_spec.job_id;
  return (
    <div className="grid gap-2 border-t px-4 py-2.5">
      <div className="flex flex-wrap gap-2">
        {isSaved(job.change) && (
          <Button size="small" aria-expanded={isEditing} aria-label={t.of(t.edit, name)} disabled={session.isPending} onClick={onEdit}>
            {t.edit}
          </Button>
        )}
        <Button
          size="small"
          aria-label={t.of(t.leaveOut, name)}
          disabled={session.isPending}
          pending={session.pendingAt === leave}
          onClick={() => session.edit(leave, id, { leave_out: true })}
        >
          {t.leaveOut}
        </Button>
        {base.change === 'update' && (
          <Button
            size="small"
            aria-label={t.of(isNew ? t.changeStored : t.makeNew, name)}
            disabled={session.isPending}
            pending={session.pendingAt === make}
            onClick={() => session.edit(make, id, { make_new: isNew ? undefined : true })}
          >
            {isNew ? t.changeStored : t.makeNew}
          </Button>
        )}
      </div>
      <FormError error={session.errorAt(leave) ?? session.errorAt(make)} />
    </div>
  );
}
