'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Field, Input, Select } from '@/components/ui/field';
import { useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { fromLocal, toLocal } from './local-time';
import type { RunsSearch } from './search-params';
import { searchTranslations } from './search-translations';

type Props = { search: RunsSearch; onChange: (change: Partial<RunsSearch>) => void };

/** Rarely used filters: type, tag, trace, and a period. */
export function MoreFilters({ search, onChange }: Props) {
  const t = useTranslations(searchTranslations);
  const types = useQuery(queries.jobTypes()).data ?? [];
  return (
    <div className="grid gap-2 border-b px-3.5 py-2 sm:grid-cols-2 xl:grid-cols-5">
      <Field label={t.type}>
        {(ids) => (
          <Select {...ids} value={search.type} onChange={(event) => onChange({ type: event.target.value })}>
            <option value="">–</option>
            {search.type !== '' && !types.some((each) => each.type === search.type) && <option value={search.type}>{search.type}</option>}
            {types.map((each) => (
              <option key={each.type} value={each.type}>
                {each.type}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <TextFilter label={t.tag} value={search.tag} onChange={(tag) => onChange({ tag })} />
      <TextFilter label={t.trace} value={search.trace} onChange={(trace) => onChange({ trace })} />
      <TimeFilter label={`${t.from} (${t.yourTime})`} value={search.from} onChange={(from) => onChange({ from })} />
      <TimeFilter label={`${t.until} (${t.yourTime})`} value={search.until} onChange={(until) => onChange({ until })} />
    </div>
  );
}

type OneProps = { label: string; value: string; onChange: (value: string) => void };

/** A text filter that is applied on blur or Enter. */
function TextFilter({ label, value, onChange }: OneProps) {
  const [text, setText] = useState(value);
  const [said, setSaid] = useState(value);
  // Back, forward and "clear filters" change the value from outside.
  if (value !== said) {
    setSaid(value);
    setText(value);
  }
  const take = () => text.trim() !== value && onChange(text.trim());
  return (
    <Field label={label}>
      {(ids) => (
        <Input
          {...ids}
          value={text}
          maxLength={64}
          onChange={(event) => setText(event.target.value)}
          onBlur={take}
          onKeyDown={(event) => event.key === 'Enter' && take()}
        />
      )}
    </Field>
  );
}

function TimeFilter({ label, value, onChange }: OneProps) {
  return (
    <Field label={label}>
      {(ids) => (
        <Input {...ids} type="datetime-local" value={toLocal(value)} onChange={(event) => onChange(fromLocal(event.target.value))} suppressHydrationWarning />
      )}
    </Field>
  );
}
