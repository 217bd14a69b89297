'use client';

import { parseAsString, useQueryStates } from 'nuqs';
import { useCallback } from 'react';
import { Input, Options, Select } from '@/components/ui/field';
import { SearchBox } from '@/components/ui/search-box';
import { useTranslations } from '@/lib/i18n';
import { TARGET_KINDS } from './actions';
import type { AuditFilter } from './queries';
import { translations } from './translations';

type Set = (change: Partial<AuditFilter>) => void;

/** The filters in the URL. */
export function useAuditFilter(): { filter: AuditFilter; set: Set; clear: () => void } {
  const [filter, setFilter] = useQueryStates(
    {
      actor: parseAsString.withDefault(''),
      target: parseAsString.withDefault(''),
      key_id: parseAsString.withDefault(''),
    },
    { history: 'push' },
  );
  const set = useCallback((change: Partial<AuditFilter>) => void setFilter(change), [setFilter]);
  const clear = useCallback(() => void setFilter(null), [setFilter]);
  return { filter, set, clear };
}

export function AuditFilters({ filter, set }: { filter: AuditFilter; set: Set }) {
  const t = useTranslations(translations);
  const kind = TARGET_KINDS.find((each) => filter.target === `${each}:`) ?? '';
  const onTarget = useCallback((target: string) => set({ target: target.trim() }), [set]);
  const onText = (name: 'actor' | 'key_id', text: string) => {
    if (text.trim() !== filter[name]) set({ [name]: text.trim() });
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchBox value={filter.target} onChange={onTarget} placeholder={t.targetFilter} className="w-full sm:w-72" />
      <Select
        aria-label={t.kind}
        value={kind}
        onChange={(event) => set({ target: event.target.value ? `${event.target.value}:` : '' })}
        className="sm:w-44"
      >
        <option value="">{t.anyKind}</option>
        <Options values={TARGET_KINDS} label={(each) => t[each]} />
      </Select>
      {(['actor', 'key_id'] as const).map((name) => (
        <Input
          // The text is applied when it is complete, because names match as a whole.
          key={`${name} ${filter[name]}`}
          defaultValue={filter[name]}
          aria-label={t[name === 'actor' ? 'actorFilter' : 'keyFilter']}
          placeholder={t[name === 'actor' ? 'actorFilter' : 'keyFilter']}
          onBlur={(event) => onText(name, event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && onText(name, event.currentTarget.value)}
          className="w-full sm:w-40"
        />
      ))}
    </div>
  );
}
