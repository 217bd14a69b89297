'use client';

import type { Json } from '@/components/schema-form';
import { Field, Input, Options, Select } from '@/components/ui/field';
import { useTranslations } from '@/lib/i18n';
import { scheduleTranslations } from './translations';

const EXAMPLES = {
  firstMonday: 'FREQ=MONTHLY;BYDAY=1MO;BYHOUR=9;BYMINUTE=0',
  lastFriday: 'FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=16;BYMINUTE=0',
  lastWorkingDay: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=16;BYMINUTE=0',
  everyTwoWeeks: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=9;BYMINUTE=0',
  everyThreeMonths: 'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1;BYHOUR=9;BYMINUTE=0',
} as const;

type Example = keyof typeof EXAMPLES;
const NAMES = Object.keys(EXAMPLES) as Example[];

type Props = { rule: Json | undefined; onRule: (rule: string) => void; error?: string };

/** A recurrence rule as an example or as text; both stay in sync. */
export function RuleFields({ rule, onRule, error }: Props) {
  const t = useTranslations(scheduleTranslations);
  const text = typeof rule === 'string' ? rule : '';
  const shown = NAMES.find((name) => EXAMPLES[name] === text);
  return (
    <>
      <Field label={t.rhythm}>
        {(ids) => (
          <Select {...ids} value={shown ?? ''} onChange={({ target }) => onRule(EXAMPLES[target.value as Example] ?? text)}>
            <Options values={NAMES} label={(name) => t[name]} />
            <option value="">{t.ownRule}</option>
          </Select>
        )}
      </Field>
      <Field label={t.ruleText} hint={t.ruleHint} error={error}>
        {(ids) => (
          <Input
            {...ids}
            value={text}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => onRule(event.target.value)}
            className="font-mono text-xs"
          />
        )}
      </Field>
    </>
  );
}
