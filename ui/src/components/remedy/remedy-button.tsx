'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Command } from '@/components/ui/states';
import { useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { placeOf, type Remedy } from './places';
import { remedyTranslations } from './translations';
import { useRemedy } from './use-remedy';

const EditJobDialog = dynamic(() => import('./edit-job-dialog').then((module) => module.EditJobDialog));

type Look = { variant: 'primary' | 'default'; size?: 'control' | 'small' };
type Props = {
  remedy: Remedy;
  primary?: boolean;
  size?: Look['size'];
  /** What it acts on, if the label alone leaves it open. */
  of?: string;
  /** The incident that shows it: its timeline names the use. */
  incidentId?: string;
};

/** The button of a remedy. A role that may not use it sees which one may; one that has only a command shows that. */
export function RemedyButton({ remedy, primary, size, of, incidentId }: Props) {
  const t = useTranslations(remedyTranslations);
  const canUse = useCan(remedy.role);
  const place = placeOf(remedy);
  const label = of ? `${remedy.label}: ${of}` : remedy.label;
  const look: Look = { variant: primary ? 'primary' : 'default', size };
  if (place.kind === 'command') return <Command text={remedy.command} label={remedy.label} />;
  if (!canUse) {
    return (
      <Button {...look} disabled title={t.needs(remedy.role)}>
        {label}
      </Button>
    );
  }
  switch (place.kind) {
    case 'page':
      return (
        <ButtonLink href={place.href} {...look}>
          {label}
        </ButtonLink>
      );
    case 'dialog':
      return <DialogButton remedy={remedy} label={label} look={look} incidentId={incidentId} />;
    case 'call':
      return <CallButton remedy={remedy} label={label} look={look} incidentId={incidentId} />;
  }
}

type OwnProps = { remedy: Remedy; label: string; look: Look; incidentId?: string };

function CallButton({ remedy, label, look, incidentId }: OwnProps) {
  const { mutate, isPending } = useRemedy(remedy, incidentId);
  return (
    <Button {...look} pending={isPending} onClick={() => mutate()} title={label} className="max-w-full">
      <span className="min-w-0 truncate">{label}</span>
    </Button>
  );
}

function DialogButton({ remedy, label, look, incidentId }: OwnProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button {...look} onClick={() => setOpen(true)} title={label} className="max-w-full">
        <span className="min-w-0 truncate">{label}</span>
      </Button>
      {isOpen && <EditJobDialog remedy={remedy} incidentId={incidentId} onClose={() => setOpen(false)} />}
    </>
  );
}

function Cli({ remedies }: { remedies: readonly Remedy[] }) {
  const t = useTranslations(remedyTranslations);
  const hidden = remedies.filter((each) => placeOf(each).kind !== 'command' && each.command !== '');
  if (hidden.length === 0) return null;
  return (
    <details className="min-w-0 text-xs text-text-2">
      <summary className="w-fit rounded-control px-1 hover:text-text">{t.cli}</summary>
      {hidden.map((each) => (
        <Command key={each.command} text={each.command} />
      ))}
    </details>
  );
}

const isRepeated = (remedy: Remedy, remedies: readonly Remedy[]) => remedies.filter(({ action }) => action === remedy.action).length > 1;

/** Buttons of remedies, the best first, each with its command below "CLI". */
export function RemedyList({ remedies, incidentId }: { remedies: readonly Remedy[]; incidentId?: string }) {
  return (
    <ul className="grid grid-cols-[minmax(0,1fr)] gap-2">
      {remedies.map((each, index) => (
        <li key={`${each.action} ${each.target}`} className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <RemedyButton remedy={each} primary={index === 0} of={isRepeated(each, remedies) ? each.target : undefined} incidentId={incidentId} />
          <Cli remedies={[each]} />
        </li>
      ))}
    </ul>
  );
}

/** The same as one line, for rows: small buttons, then the commands below one "CLI". */
export function RemedyRow({ remedies, className }: { remedies: readonly Remedy[]; className?: string }) {
  if (remedies.length === 0) return null;
  return (
    <div className={`flex flex-wrap items-center gap-2 ${className ?? ''}`}>
      {remedies.map((each) => (
        <RemedyButton
          key={`${each.action} ${each.target}`}
          remedy={each}
          size="small"
          of={isRepeated(each, remedies) ? each.target : undefined}
        />
      ))}
      <Cli remedies={remedies} />
    </div>
  );
}
