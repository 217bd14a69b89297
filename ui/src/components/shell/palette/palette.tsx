'use client';

import { Command } from 'cmdk';
import { Activity, History, ListTodo, Search, WandSparkles, type LucideIcon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Dialog } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { StateIcon } from '@/components/state-badge';
import { Spinner } from '@/components/ui/spinner';
import { useTranslations } from '@/lib/i18n';
import { requestNavigation } from '@/lib/navigation-guard';
import { recentJobs } from './recent-jobs';
import { useCan } from '@/lib/session';
import { stateOf } from '@/lib/run-states';
import { splitAct } from './acts';
import { useCommands } from './commands';
import { isPlannable, isSentence, matchesAllWords, usePaletteSearch } from './search';
import { paletteTranslations } from './translations';
import { usePaletteActs } from './use-acts';

const jobHref = (jobId: string) => `/jobs/${encodeURIComponent(jobId)}`;

/** Search and commands: recent jobs, jobs, runs, pages, actions, and a plan for the typed text. */
export function Palette({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  const t = useTranslations(paletteTranslations);
  const router = useRouter();
  const canWork = useCan('operator');
  const [typed, setTyped] = useState('');
  const [recent] = useState(recentJobs);
  const text = typed.trim();
  const { act, rest } = splitAct(text);
  const found = usePaletteSearch(rest);
  const acts = usePaletteActs(text, found.jobs, onClose);
  const go = (href: string) => {
    onClose();
    requestNavigation(() => router.push(href));
  };
  const lines = useCommands(go, onKeys);
  const ofText = (all: typeof lines.pages) => all.filter((line) => text === '' || matchesAllWords(text, line.label, line.also ?? ''));
  const isActFirst = act !== null && acts.onJobs.length > 0;
  const isPlanFirst = isSentence(text) && !isActFirst;
  const plan = canWork && isPlannable(text) && (
    <Group heading={t.planGroup}>
      <Item value="plan" icon={WandSparkles} note={t.planHint} onSelect={() => go(`/plan?prompt=${encodeURIComponent(text)}`)}>
        {t.plan(text)}
      </Item>
    </Group>
  );
  const doing = (
    <Group heading={t.acts}>
      {acts.onJobs.map((line) => (
        <Item key={line.id} value={line.id} icon={line.icon} isPending={line.isPending} isDisabled={acts.isBusy} onSelect={line.run}>
          {line.label}
        </Item>
      ))}
    </Group>
  );
  const known = text === '' ? recent : recent.filter((jobId) => matchesAllWords(rest, jobId));
  const jobs = found.jobs.filter((job) => !known.includes(job.job_id));
  if (acts.dialog) return acts.dialog;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-overlay" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[min(600px,calc(100vw-32px))] -translate-x-1/2 overflow-hidden rounded-card border bg-surface"
        >
          <Dialog.Title className="sr-only">{t.title}</Dialog.Title>
          <Command label={t.title} shouldFilter={false} loop className="flex max-h-[70vh] flex-col">
            <div className="flex items-center gap-2.5 border-b px-3.5">
              <Search aria-hidden className="size-4 shrink-0 text-text-3" />
              <Command.Input
                autoFocus
                value={typed}
                onValueChange={setTyped}
                placeholder={t.placeholder}
                maxLength={2_000}
                className="h-11 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-text-3"
              />
            </div>
            <Command.List label={t.title} className="min-h-0 flex-1 overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-sm text-text-2">{found.isLooking ? t.looking : found.error ? t.failed : t.nothing}</Command.Empty>
              {isPlanFirst && plan}
              {isActFirst && doing}
              <Group heading={t.recent}>
                {known.map((jobId) => (
                  <Item key={jobId} value={`recent:${jobId}`} icon={History} onSelect={() => go(jobHref(jobId))}>
                    {jobId}
                  </Item>
                ))}
              </Group>
              <Group heading={t.jobs}>
                {jobs.map((job) => (
                  <Item key={job.job_id} value={`job:${job.job_id}`} icon={ListTodo} note={job.description || job.type} onSelect={() => go(jobHref(job.job_id))}>
                    {job.job_id}
                  </Item>
                ))}
              </Group>
              {!isActFirst && doing}
              <Group heading={t.runs}>
                {found.runs.map((run) => (
                  <Item
                    key={run.run_id}
                    value={`run:${run.run_id}`}
                    icon={Activity}
                    note={
                      <span className="flex items-center gap-2">
                        <span className="truncate">{run.job_id}</span>
                        <StateIcon state={stateOf(run)} />
                      </span>
                    }
                    onSelect={() => go(`/runs/${encodeURIComponent(run.run_id)}`)}
                  >
                    <span className="font-mono text-xs">{run.run_id}</span>
                  </Item>
                ))}
              </Group>
              {[
                { heading: t.pages, shown: ofText(lines.pages) },
                { heading: t.actions, shown: ofText([...acts.ofPlatform, ...lines.actions]) },
              ].map(({ heading, shown }) => (
                <Group key={heading} heading={heading}>
                  {shown.map((line) => (
                    <Item
                      key={line.id}
                      value={line.id}
                      icon={line.icon}
                      isPending={'isPending' in line && line.isPending === true}
                      isDisabled={acts.isBusy}
                      onSelect={() => {
                        // An act closes the palette itself, once it is done.
                        if (!('isPending' in line)) onClose();
                        line.run();
                      }}
                    >
                      {line.label}
                    </Item>
                  ))}
                </Group>
              ))}
              {!isPlanFirst && plan}
            </Command.List>
            <p aria-hidden className="hidden border-t px-3.5 py-1.5 text-2xs text-text-3 lg:block">
              {t.foot}
            </p>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  if (Array.isArray(children) && children.length === 0) return null;
  return (
    <Command.Group
      heading={heading}
      className="pb-1 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-1.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-text-3"
    >
      {children}
    </Command.Group>
  );
}

type ItemProps = {
  value: string;
  icon: LucideIcon;
  note?: ReactNode;
  isPending?: boolean;
  isDisabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
};

function Item({ value, icon: Icon, note, isPending, isDisabled, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      disabled={isDisabled}
      onSelect={onSelect}
      className="flex min-h-8 cursor-pointer items-center gap-2.5 rounded-control px-2 py-1 data-[selected=true]:bg-selected"
    >
      {isPending ? <Spinner /> : <Icon aria-hidden className="size-4 shrink-0 text-text-3" strokeWidth={1.75} />}
      <span className="min-w-0 truncate">{children}</span>
      {note && <span className="ml-auto max-w-[45%] shrink-0 truncate pl-3 text-xs text-text-3">{note}</span>}
    </Command.Item>
  );
}
