'use client';

import { WandSparkles } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Checkbox, Textarea } from '@/components/ui/field';
import { Kbd } from '@/components/ui/kbd';
import { Link } from '@/components/ui/link';
import { useHotkey } from '@/lib/hotkeys';
import { defineTranslations, useLang, useTranslations, type Lang } from '@/lib/i18n';
import { EXAMPLES } from './examples';

const MAX_CHARS = 2_000;

const translations = defineTranslations(
  {
    label: 'What do you want to do?',
    placeholder: 'In Indonesian or English: task and time.',
    plan: 'Show the plan',
    again: 'Plan again',
    model: 'Use a language model',
    modelHint: 'If none is set up, the rules create the plan and say so.',
    safe: 'Nothing runs before you apply it.',
    examples: 'Try one',
    types: 'All job types and their words',
    focus: 'Go to the sentence',
  },
  {
    label: 'Apa yang ingin dikerjakan?',
    placeholder: 'Dalam bahasa Indonesia atau Inggris: apa, dan kapan.',
    plan: 'Lihat rencana',
    again: 'Rencanakan lagi',
    model: 'Pakai model bahasa',
    modelHint: 'Jika belum diatur, rencana dibuat dengan aturan dan itu disebutkan.',
    safe: 'Tidak ada yang berjalan sebelum diterapkan.',
    examples: 'Coba salah satu',
    types: 'Semua tipe job dan kata-katanya',
    focus: 'Ke kalimat',
  },
);

type Props = {
  value: string;
  onChange: (text: string) => void;
  withModel: boolean;
  onWithModel: (on: boolean) => void;
  /** Whether the shown plan belongs to the current text. */
  isPlanned: boolean;
  isPending: boolean;
  showExamples: boolean;
  onPlan: (text: string) => void;
};

/** The prompt field. The button or Ctrl+Enter creates a plan and changes nothing. */
export function PromptForm({ value, onChange, withModel, onWithModel, isPlanned, isPending, showExamples, onPlan }: Props) {
  const t = useTranslations(translations);
  const box = useRef<HTMLTextAreaElement>(null);
  const text = value.trim();
  useHotkey('/', t.focus, () => box.current?.focus());
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text) onPlan(text);
        }}
        className="grid gap-3 p-4"
      >
        <label htmlFor="prompt" className="text-sm font-semibold">
          {t.label}
        </label>
        <Textarea
          id="prompt"
          ref={box}
          autoFocus={value === ''}
          value={value}
          rows={3}
          maxLength={MAX_CHARS}
          placeholder={t.placeholder}
          aria-describedby="prompt-safe"
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            if (text && !isPending) onPlan(text);
          }}
          className="field-sizing-content max-h-72 min-h-22 text-base"
        />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button type="submit" variant="primary" disabled={text === ''} pending={isPending}>
            {!isPending && <WandSparkles aria-hidden className="size-3.5" />}
            {isPlanned ? t.again : t.plan}
            <Kbd>Ctrl ⏎</Kbd>
          </Button>
          <p id="prompt-safe" className="text-xs text-text-3">
            {t.safe}
          </p>
          <label className="flex items-center gap-2 text-xs text-text-2 sm:ml-auto" title={t.modelHint}>
            <Checkbox checked={withModel} onChange={(event) => onWithModel(event.target.checked)} />
            {t.model}
          </label>
        </div>
      </form>
      {showExamples && <Examples onChoose={onPlan} />}
    </Card>
  );
}

function Examples({ onChoose }: { onChoose: (text: string) => void }) {
  const t = useTranslations(translations);
  const own = useLang();
  const order: Lang[] = own === 'id' ? ['id', 'en'] : ['en', 'id'];
  return (
    <div className="grid gap-2 border-t p-4">
      <h2 className="text-xs font-medium text-text-3">{t.examples}</h2>
      <ul className="grid gap-1.5 xl:grid-flow-col xl:grid-cols-2 xl:grid-rows-3">
        {order.flatMap((lang) =>
          EXAMPLES[lang].map((text) => (
            <li key={text}>
              <button
                type="button"
                lang={lang}
                onClick={() => onChoose(text)}
                className="flex w-full items-center gap-2.5 rounded-control border px-2.5 py-1.5 text-left text-sm hover:bg-hover"
              >
                <span className="w-4 shrink-0 text-2xs font-medium text-text-3 uppercase">{lang}</span>
                <span className="min-w-0">{text}</span>
              </button>
            </li>
          )),
        )}
      </ul>
      <Link href="/job-types" className="w-fit text-xs text-text-2 underline decoration-border-strong underline-offset-2 hover:text-text">
        {t.types}
      </Link>
    </div>
  );
}
