'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { NO_ERRORS, assignErrors, fieldErrors } from '@/components/schema-form';
import { Checkbox, Field, Input, Options, Select, Switch } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { FormError } from '@/components/ui/form-error';
import { QueryPlaceholder } from '@/components/ui/states';
import { api, unwrap } from '@/lib/api/client';
import { useAction } from '@/lib/api/use-action';
import { useLang, useTranslations } from '@/lib/i18n';
import { LANGS, isLang, type Lang } from '@/lib/languages';
import { toast } from '@/lib/toast';
import { statusPageQueries, suggestedName, type ShownMonitor, type StatusPage } from './queries';
import { statusPageTranslations } from './translations';

const MAX_NAME_CHARS = 60;
const MAX_TITLE_CHARS = 120;
const LANGUAGE_NAMES: Record<Lang, string> = { id: 'Bahasa Indonesia', en: 'English' };
const POINTERS = ['/title', '/language'];

type Props = {
  /** null: a new page. */
  page: StatusPage | null;
  others: readonly StatusPage[];
  onClose: () => void;
};

/** Creates a status page or changes what it shows. */
export function StatusPageDialog({ page, others, onClose }: Props) {
  const t = useTranslations(statusPageTranslations);
  const lang = useLang();
  const client = useQueryClient();
  const [slug, setSlug] = useState(page?.slug ?? '');
  const [title, setTitle] = useState(page?.title ?? '');
  const [language, setLanguage] = useState<Lang | null>(page?.language ?? null);
  const [isPublished, setPublished] = useState(page?.published ?? false);
  const [monitors, setMonitors] = useState<readonly ShownMonitor[]>(page?.monitors ?? []);
  const isKnown = page === null && others.some((each) => each.slug === slug.trim());
  const save = useAction({
    quiet: true,
    run: () => {
      const body = { title: title.trim(), language, published: isPublished, monitors: [...monitors] };
      return unwrap(api.PUT('/status-pages/{slug}', { params: { path: { slug: slug.trim() } }, body }));
    },
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: statusPageQueries.pages().queryKey });
      toast.success(t.saved(saved.title));
      onClose();
    },
  });
  const { atFields } = assignErrors(save.error ? fieldErrors(save.error.fields, lang) : NO_ERRORS, POINTERS);
  return (
    <FormDialog
      title={page === null ? t.create : t.editTitle(page.title)}
      submit={t.save}
      pending={save.isPending}
      disabled={slug.trim() === '' || title.trim() === '' || monitors.some((each) => each.name.trim() === '')}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {page === null && (
        <Field label={t.slug} hint={isKnown ? t.exists(slug.trim()) : t.slugHint}>
          {(ids) => (
            <Input {...ids} required maxLength={64} value={slug} autoComplete="off" spellCheck={false} onChange={(event) => setSlug(event.target.value)} />
          )}
        </Field>
      )}
      <Field label={t.pageTitle} error={atFields['/title']}>
        {(ids) => <Input {...ids} required maxLength={MAX_TITLE_CHARS} value={title} autoComplete="off" onChange={(event) => setTitle(event.target.value)} />}
      </Field>
      <MonitorNames chosen={monitors} onChosen={setMonitors} />
      <Field label={t.language} error={atFields['/language']}>
        {(ids) => (
          <Select {...ids} value={language ?? ''} onChange={({ target }) => setLanguage(isLang(target.value) ? target.value : null)}>
            <option value="">{t.ofBrowser}</option>
            <Options values={LANGS} label={(each) => LANGUAGE_NAMES[each]} />
          </Select>
        )}
      </Field>
      <p className="flex items-center gap-2">
        <Switch label={t.publishNow} checked={isPublished} onChange={(event) => setPublished(event.target.checked)} />
        <span aria-hidden>{t.publishNow}</span>
      </p>
      <FormError error={save.error} shownAt={POINTERS} />
    </FormDialog>
  );
}

type NamesProps = { chosen: readonly ShownMonitor[]; onChosen: (monitors: readonly ShownMonitor[]) => void };

/** The monitors to choose from, each with its name for readers; one that is gone stays until it is left out. */
function MonitorNames({ chosen, onChosen }: NamesProps) {
  const t = useTranslations(statusPageTranslations);
  const query = useQuery(statusPageQueries.monitors());
  const ids = [...new Set([...chosen.map((each) => each.job_id), ...(query.data ?? []).map((each) => each.job_id)])];
  const toggle = (jobId: string, isShown: boolean) =>
    onChosen(isShown ? [...chosen, { job_id: jobId, name: suggestedName(jobId) }] : chosen.filter((each) => each.job_id !== jobId));
  const rename = (jobId: string, name: string) =>
    onChosen(chosen.map((each) => (each.job_id === jobId ? { ...each, name } : each)));
  return (
    <fieldset className="grid min-w-0 gap-1.5">
      <legend className="text-xs font-medium text-text-2">{t.chooseMonitors}</legend>
      <QueryPlaceholder query={query} rows={2} />
      {query.data && ids.length === 0 && <p className="text-text-2">{t.noMonitors}</p>}
      {ids.map((jobId) => {
        const shown = chosen.find((each) => each.job_id === jobId);
        return (
          <div key={jobId} className="grid min-w-0 gap-1 sm:grid-cols-2 sm:items-center">
            <label className="flex min-w-0 items-center gap-2">
              <Checkbox checked={shown !== undefined} onChange={(event) => toggle(jobId, event.target.checked)} />
              <span className="truncate" title={jobId}>
                {jobId}
              </span>
            </label>
            {shown && (
              <Input aria-label={t.nameOf(jobId)} maxLength={MAX_NAME_CHARS} value={shown.name} autoComplete="off" onChange={(event) => rename(jobId, event.target.value)} />
            )}
          </div>
        );
      })}
    </fieldset>
  );
}
