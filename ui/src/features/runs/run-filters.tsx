'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/field';
import { TimesSwitch } from '@/components/times-switch';
import { SearchBox } from '@/components/ui/search-box';
import { useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { MoreFilters } from './more-filters';
import { SINCE, type RunsSearch, type Since } from './search-params';
import { searchTranslations } from './search-translations';
import { runsTranslations } from './translations';

type Props = { search: RunsSearch; onChange: (change: Partial<RunsSearch>) => void; onClear?: () => void };

/** The filters of the runs list. */
export function RunFilters({ search, onChange, onClear }: Props) {
  const t = useTranslations(runsTranslations);
  const words = useTranslations(searchTranslations);
  const isUsed = [search.type, search.tag, search.trace, search.from, search.until].some((value) => value !== '');
  const [isOpened, setOpened] = useState(isUsed);
  const isOpen = isOpened || isUsed;
  return (
    <>
    <div className="flex flex-wrap items-center gap-2 border-b px-3.5 py-2">
      <SearchBox
        value={search.q}
        onChange={(q) => onChange({ q })}
        placeholder={t.search}
        className="w-full lg:w-72"
      />
      <JobInput key={search.job} value={search.job} onChange={(job) => onChange({ job })} />
      <div className="max-lg:flex-1 lg:w-36">
      <Select
        aria-label={t.since}
        value={search.since ?? ''}
        onChange={(event) => onChange({ since: (event.target.value || null) as Since | null })}
      >
        <option value="">{t.ever}</option>
        {(Object.keys(SINCE) as Since[]).map((each) => (
          <option key={each} value={each}>
            {t[each]}
          </option>
        ))}
      </Select>
      </div>
      {!isUsed && (
        <Button variant="ghost" aria-expanded={isOpen} onClick={() => setOpened(!isOpen)}>
          {isOpen ? words.less : words.more}
        </Button>
      )}
      {onClear && (
        <Button variant="ghost" onClick={onClear}>
          {t.clear}
        </Button>
      )}
      <TimesSwitch className="ml-auto" />
    </div>
      {isOpen && <MoreFilters search={search} onChange={onChange} />}
    </>
  );
}

/** A job id with suggestions; applied when chosen, or on blur. */
function JobInput({ value, onChange }: { value: string; onChange: (job: string) => void }) {
  const t = useTranslations(runsTranslations);
  const [text, setText] = useState(value);
  const [isAsked, setAsked] = useState(false);
  const jobs = useInfiniteQuery({ ...queries.jobs(), enabled: isAsked });
  const known = jobs.data?.pages.flatMap((page) => page.items.map((job) => job.job_id)) ?? [];
  const take = (next: string) => next.trim() !== value && onChange(next.trim());
  return (
    <div className="max-lg:flex-1 lg:w-48">
      <Input
        list="runs-jobs"
        aria-label={t.job}
        placeholder={t.anyJob}
        value={text}
        onFocus={() => setAsked(true)}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === '' || known.includes(event.target.value)) take(event.target.value);
        }}
        onBlur={() => take(text)}
        onKeyDown={(event) => event.key === 'Enter' && take(text)}
      />
      <datalist id="runs-jobs">
        {known.map((job) => (
          <option key={job} value={job} />
        ))}
      </datalist>
    </div>
  );
}
