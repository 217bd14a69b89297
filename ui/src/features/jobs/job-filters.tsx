'use client';

import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Options, Select } from '@/components/ui/field';
import { SearchBox } from '@/components/ui/search-box';
import { useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { ENABLED, SORTS, type JobSort, type JobsSearch } from './search-params';
import { jobsTranslations } from './translations';

type Props = {
  search: JobsSearch;
  /** The tags of the loaded jobs. */
  tags: readonly string[];
  /** Sorting is wrong while some rows are not loaded. */
  canSort: boolean;
  onChange: (change: Partial<JobsSearch>) => void;
  onClear?: () => void;
};

/** The filters and the sort order of the jobs list. */
export function JobFilters({ search, tags, canSort, onChange, onClear }: Props) {
  const t = useTranslations(jobsTranslations);
  const types = useQuery(queries.jobTypes()).data?.map((each) => each.type) ?? [];
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-3.5 py-2">
      <SearchBox value={search.q} onChange={(q) => onChange({ q })} placeholder={t.search} className="w-full lg:w-60" />
      <Choice label={t.type} value={search.type} any={t.anyType} options={withValue(types, search.type)} onChange={(type) => onChange({ type })} />
      <Choice
        label={t.enabled}
        value={search.enabled ?? ''}
        any={t.anyEnabled}
        options={ENABLED}
        nameOf={(each) => t[each as 'on' | 'off']}
        onChange={(enabled) => onChange({ enabled: (enabled || null) as JobsSearch['enabled'] })}
      />
      {(tags.length > 0 || search.tag) && (
        <Choice label={t.tag} value={search.tag} any={t.anyTag} options={withValue(tags, search.tag)} onChange={(tag) => onChange({ tag })} />
      )}
      {onClear && (
        <Button variant="ghost" onClick={onClear}>
          {t.clear}
        </Button>
      )}
      <div className="max-lg:flex-1 max-lg:basis-36 lg:ml-auto lg:w-44" title={canSort ? undefined : t.sortHint}>
        <Select
          aria-label={t.sort}
          value={canSort ? search.sort : 'new'}
          disabled={!canSort}
          onChange={(event) => onChange({ sort: event.target.value as JobSort })}
        >
          <Options values={SORTS} label={(each) => t[each]} />
        </Select>
      </div>
    </div>
  );
}

function withValue(options: readonly string[], value: string): readonly string[] {
  return value === '' || options.includes(value) ? options : [...options, value];
}

type ChoiceProps = {
  label: string;
  value: string;
  any: string;
  options: readonly string[];
  nameOf?: (option: string) => string;
  onChange: (value: string) => void;
};

function Choice({ label, value, any, options, nameOf, onChange }: ChoiceProps) {
  return (
    <div className="max-lg:flex-1 max-lg:basis-36 lg:w-36">
      <Select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{any}</option>
        <Options values={options} label={(each) => nameOf ? nameOf(each) : each} />
      </Select>
    </div>
  );
}
