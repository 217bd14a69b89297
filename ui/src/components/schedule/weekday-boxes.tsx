'use client';

import { Checkbox } from '@/components/ui/field';
import { useLang } from '@/lib/i18n';

// A week that begins on a Sunday, as cron counts its days.
const SUNDAY = Date.UTC(2023, 0, 1);
const DAY_MS = 86_400_000;
const MONDAY_FIRST = [1, 2, 3, 4, 5, 6, 0];

type Props = { label: string; days: readonly number[]; onDays: (days: number[]) => void };

/** The days of a week as checkboxes; 0 is Sunday. */
export function WeekdayBoxes({ label, days, onDays }: Props) {
  const lang = useLang();
  const format = new Intl.DateTimeFormat(lang === 'id' ? 'id-ID' : 'en-GB', { weekday: 'short', timeZone: 'UTC' });
  return (
    <div role="group" aria-label={label} className="flex flex-wrap gap-x-4 gap-y-1">
      {MONDAY_FIRST.map((day) => (
        <label key={day} className="flex items-center gap-1.5 text-sm">
          <Checkbox
            checked={days.includes(day)}
            onChange={(event) => onDays(event.target.checked ? [...days, day].toSorted() : days.filter((each) => each !== day))}
          />
          {format.format(SUNDAY + day * DAY_MS)}
        </label>
      ))}
    </div>
  );
}
