'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import { SkipRules } from '@/components/schedule/skip-rules';
import { NO_ERRORS, errorsUnder, fieldErrors, type FieldErrors } from '@/components/schema-form';
import { Button } from '@/components/ui/button';
import { Checkbox, Field, Input, Options, Select } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { FormError } from '@/components/ui/form-error';
import { api, unwrap } from '@/lib/api/client';
import { queries } from '@/lib/api/queries';
import { useAction } from '@/lib/api/use-action';
import { useLang, useTranslations } from '@/lib/i18n';
import { INCIDENT_KINDS, SEVERITIES, type IncidentKind, type Severity } from '@/components/incidents/incidents';
import { toast } from '@/lib/toast';
import { EMPTY_STEP, draftOf, ruleOf, withRule, type Rule, type RuleDraft } from './rule-model';
import { ruleTranslations } from './translations';

const KINDS = Object.keys(INCIDENT_KINDS) as IncidentKind[];
const LEVELS = (Object.keys(SEVERITIES) as Severity[]).toReversed();
const LANGUAGES = ['', 'en', 'id'] as const;
const MAX_STEPS = 10;

type Props = {
  /** null: a new rule. */
  rule: Rule | null;
  rules: readonly Rule[];
  onClose: () => void;
};

/** Creates a rule, or changes one; all rules are saved together. */
export function RuleDialog({ rule, rules, onClose }: Props) {
  const t = useTranslations(ruleTranslations);
  const lang = useLang();
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(rule));
  const set = (part: Partial<RuleDraft>) => setDraft({ ...draft, ...part });
  const name = draft.name.trim();
  const isTaken = rules.some((each) => each.name === name && each.name !== rule?.name);
  const next = withRule(rules, rule?.name ?? null, ruleOf(draft));
  const save = useAction({
    quiet: true,
    run: () => unwrap(api.PUT('/notification-rules', { body: { rules: next } })),
    onSuccess: (saved) => {
      client.setQueryData(queries.notificationRules().queryKey, saved);
      toast.success(t.saved(name));
      onClose();
    },
  });
  const place = rule === null ? rules.length : rules.findIndex((each) => each.name === rule.name);
  const errors = errorsUnder(save.error ? fieldErrors(save.error.fields, lang) : NO_ERRORS, `/rules/${place}`);
  return (
    <FormDialog
      title={rule === null ? t.create : t.editTitle(rule.name)}
      submit={t.save}
      pending={save.isPending}
      disabled={name === '' || isTaken}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t.name} hint={isTaken ? undefined : t.nameHint} error={isTaken ? t.exists(name) : errors['/name']}>
          {(ids) => <Input {...ids} required maxLength={64} value={draft.name} autoComplete="off" onChange={({ target }) => set({ name: target.value })} />}
        </Field>
        <Field label={t.severity} error={errors['/min_severity']}>
          {(ids) => (
            <Select {...ids} value={draft.min_severity} onChange={({ target }) => set({ min_severity: target.value as Severity })}>
              <Options values={LEVELS} label={(each) => SEVERITIES[each].label[lang]} />
            </Select>
          )}
        </Field>
      </div>
      <Kinds chosen={draft.kinds} onChosen={(kinds) => set({ kinds })} />
      <Field label={t.tags} hint={t.tagsHint} error={errors['/tags']}>
        {(ids) => <Input {...ids} value={draft.tags} autoComplete="off" spellCheck={false} onChange={({ target }) => set({ tags: target.value })} />}
      </Field>
      <Steps steps={draft.to} onSteps={(to) => set({ to })} errors={errorsUnder(errors, '/to')} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t.escalate} hint={t.escalateHint} error={errors['/escalate_after_min']}>
          {(ids) => <Input {...ids} type="number" min={1} max={1_440} value={draft.escalate} onChange={({ target }) => set({ escalate: target.value })} />}
        </Field>
        <Field label={t.digest} hint={t.digestHint} error={errors['/digest_min']}>
          {(ids) => <Input {...ids} type="number" min={1} max={1_440} value={draft.digest} onChange={({ target }) => set({ digest: target.value })} />}
        </Field>
      </div>
      <details open={Object.keys(draft.hours).length > 0}>
        <summary className="w-fit rounded-control text-xs font-medium text-text-2 hover:text-text">{t.hours}</summary>
        <div className="grid gap-4 pt-2">
          <SkipRules value={draft.hours} onValue={(hours) => set({ hours })} errors={errorsUnder(errors, '/hours')} />
        </div>
      </details>
      <FormError error={save.error} shownAt={[`/rules/${place}`]} />
    </FormDialog>
  );
}

function Kinds({ chosen, onChosen }: { chosen: readonly IncidentKind[]; onChosen: (kinds: IncidentKind[]) => void }) {
  const t = useTranslations(ruleTranslations);
  const lang = useLang();
  const [isOpen] = useState(chosen.length > 0);
  const named = chosen.length === 0 ? t.allKinds : chosen.map((kind) => INCIDENT_KINDS[kind][lang]).join(', ');
  return (
    <details open={isOpen}>
      <summary className="w-fit rounded-control text-xs text-text-2 hover:text-text">
        <span className="font-medium">{t.kinds}</span>: {named}
      </summary>
      <fieldset className="grid gap-1 pt-2 sm:grid-cols-2">
        <legend className="sr-only">{t.kinds}</legend>
        {KINDS.map((kind) => (
          <label key={kind} className="flex items-center gap-2 text-sm">
            <Checkbox
              checked={chosen.includes(kind)}
              onChange={({ target }) => onChosen(target.checked ? [...chosen, kind] : chosen.filter((each) => each !== kind))}
            />
            {INCIDENT_KINDS[kind][lang]}
          </label>
        ))}
      </fieldset>
      <p className="pt-1 text-xs text-text-3">{t.kindsHint}</p>
    </details>
  );
}

type StepsProps = { steps: RuleDraft['to']; onSteps: (steps: RuleDraft['to']) => void; errors: FieldErrors };

function Steps({ steps, onSteps, errors }: StepsProps) {
  const t = useTranslations(ruleTranslations);
  const list = useId();
  const { data: channels = [] } = useQuery(queries.connectors());
  const names = [...new Set(channels.map((each) => each.channel))];
  const accounts = channels.flatMap((each) => each.accounts);
  const set = (at: number, part: Partial<RuleDraft['to'][number]>) => onSteps(steps.map((step, place) => (place === at ? { ...step, ...part } : step)));
  return (
    <fieldset className="grid gap-2">
      <legend className="text-xs font-medium text-text-2">{t.to}</legend>
      <p className="text-xs text-text-3">{t.toHint}</p>
      {steps.map((step, at) => (
        <div key={at} role="group" aria-label={t.step(at + 1)} className="grid gap-2 rounded-control border p-2.5 sm:grid-cols-2">
          <Field label={t.channel} error={errors[`/${at}/channel`]}>
            {(ids) => (
              <Select {...ids} value={step.channel} onChange={({ target }) => set(at, { channel: target.value as typeof step.channel, account_id: '' })}>
                <Options values={names.includes(step.channel) ? names : [step.channel, ...names]} />
              </Select>
            )}
          </Field>
          <Field label={t.account} error={errors[`/${at}/account_id`]}>
            {(ids) => (
              <Select {...ids} value={step.account_id} onChange={({ target }) => set(at, { account_id: target.value })}>
                <option value="">{t.anyAccount}</option>
                <Options values={accountsOf(accounts, step)} />
              </Select>
            )}
          </Field>
          <Field label={t.address} hint={t.addressHint} error={errors[`/${at}/to`] ?? errors[`/${at}`]}>
            {(ids) => <Input {...ids} list={list} maxLength={255} value={step.to} autoComplete="off" spellCheck={false} onChange={({ target }) => set(at, { to: target.value })} />}
          </Field>
          <Field label={t.language}>
            {(ids) => (
              <Select {...ids} value={step.language} onChange={({ target }) => set(at, { language: target.value })}>
                <Options values={LANGUAGES} label={(each) => ({ '': t.languageOfAll, en: t.english, id: t.indonesian })[each]} />
              </Select>
            )}
          </Field>
          {steps.length > 1 && (
            <Button size="small" className="w-fit" onClick={() => onSteps(steps.filter((_, place) => place !== at))}>
              <X aria-hidden className="size-3.5" />
              {t.removeStep(at + 1)}
            </Button>
          )}
        </div>
      ))}
      {steps.length < MAX_STEPS && (
        <Button size="small" className="w-fit" onClick={() => onSteps([...steps, EMPTY_STEP])}>
          <Plus aria-hidden className="size-3.5" />
          {t.addStep}
        </Button>
      )}
    </fieldset>
  );
}

/** The accounts of a step's channel; a chosen one that is gone stays in the list. */
function accountsOf(accounts: readonly { channel: string; account_id: string }[], step: RuleDraft['to'][number]): string[] {
  const own = accounts.filter((each) => each.channel === step.channel).map((each) => each.account_id);
  return step.account_id === '' || own.includes(step.account_id) ? own : [step.account_id, ...own];
}
