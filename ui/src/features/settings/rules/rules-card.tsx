'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowUp, BellRing, Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState, QueryPlaceholder } from '@/components/ui/states';
import { api, unwrap } from '@/lib/api/client';
import { queries } from '@/lib/api/queries';
import { useAction } from '@/lib/api/use-action';
import { useLang, useTranslations } from '@/lib/i18n';
import { INCIDENT_KINDS, SEVERITIES } from '@/components/incidents/incidents';
import { Can, useCan } from '@/lib/session';
import { movedUp, type Rule } from './rule-model';
import { ruleTranslations } from './translations';

const DeleteDialog = dynamic(() => import('@/components/delete-dialog').then((module) => module.DeleteDialog), { ssr: false });
const RuleDialog = dynamic(() => import('./rule-dialog').then((module) => module.RuleDialog), { ssr: false });

type Open = { act: 'edit'; rule: Rule | null } | { act: 'delete'; rule: Rule };

/** The notification rules, in the order in which they decide. */
export function RulesCard() {
  const t = useTranslations(ruleTranslations);
  const client = useQueryClient();
  const query = useQuery(queries.notificationRules());
  const [open, setOpen] = useState<Open | null>(null);
  const rules = (query.data?.rules ?? []) as Rule[];
  const order = useAction({
    run: (next: Rule[]) => unwrap(api.PUT('/notification-rules', { body: { rules: next } })),
    onSuccess: (saved) => client.setQueryData(queries.notificationRules().queryKey, saved),
  });
  const close = () => setOpen(null);
  return (
    <Card
      id="rules"
      className="scroll-mt-16"
      title={t.title}
      aside={
        <Can role="admin">
          <Button size="small" disabled={!query.data} onClick={() => setOpen({ act: 'edit', rule: null })}>
            <Plus aria-hidden className="size-3.5" />
            {t.create}
          </Button>
        </Can>
      }
    >
      <p className="px-3.5 py-2.5 text-sm text-text-2">{t.hint}</p>
      <QueryPlaceholder query={query} rows={2} />
      {query.data && rules.length === 0 && (
        <EmptyState icon={BellRing} title={t.none}>
          <p>{t.noneHint}</p>
        </EmptyState>
      )}
      {rules.length > 0 && (
        <ol className="border-t">
          {rules.map((rule, at) => (
            <RuleRow
              key={rule.name}
              rule={rule}
              place={at + 1}
              onUp={at === 0 ? null : () => order.mutate(movedUp(rules, rule.name))}
              onOpen={setOpen}
            />
          ))}
        </ol>
      )}
      {open?.act === 'edit' && <RuleDialog rule={open.rule} rules={rules} onClose={close} />}
      {open?.act === 'delete' && (
        <DeleteDialog
          title={t.askDelete(open.rule.name)}
          action={t.deleteAction(open.rule.name)}
          request={() => unwrap(api.PUT('/notification-rules', { body: { rules: rules.filter((each) => each.name !== open.rule.name) } }))}
          queryKey={queries.notificationRules().queryKey}
          onClose={close}
        >
          <p>{t.deleteHint}</p>
        </DeleteDialog>
      )}
    </Card>
  );
}

type RowProps = { rule: Rule; place: number; onUp: (() => void) | null; onOpen: (open: Open) => void };

function RuleRow({ rule, place, onUp, onOpen }: RowProps) {
  const t = useTranslations(ruleTranslations);
  const lang = useLang();
  const canEdit = useCan('admin');
  const kinds = rule.kinds.length === 0 ? t.allKinds : rule.kinds.map((kind) => INCIDENT_KINDS[kind][lang]).join(', ');
  const to = rule.to.map((step) => [step.channel, step.account_id, step.to].filter(Boolean).join(':')).join(' → ');
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-3.5 py-2 text-sm last:border-b-0">
      <span className="min-w-0 flex-1 basis-64">
        <span className="font-medium">
          {place}. {rule.name}
        </span>
        <span className="block truncate text-xs text-text-2" title={kinds}>
          {kinds} · {t.summary(SEVERITIES[rule.min_severity].label[lang])}
          {rule.tags.length > 0 && ` · ${rule.tags.join(', ')}`}
        </span>
        <span className="block truncate font-mono text-xs text-text-3" title={to}>
          {to}
        </span>
      </span>
      {canEdit && (
        <span className="inline-flex gap-2">
          <Button size="small" disabled={onUp === null} aria-label={t.up(rule.name)} onClick={() => onUp?.()}>
            <ArrowUp aria-hidden className="size-3.5" />
          </Button>
          <Button size="small" aria-label={t.editTitle(rule.name)} onClick={() => onOpen({ act: 'edit', rule })}>
            {t.edit}
          </Button>
          <Button size="small" variant="danger" aria-label={t.deleteAction(rule.name)} onClick={() => onOpen({ act: 'delete', rule })}>
            {t.delete}
          </Button>
        </span>
      )}
    </li>
  );
}
