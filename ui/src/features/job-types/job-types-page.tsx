'use client';

import { useQuery } from '@tanstack/react-query';
import { Shapes } from 'lucide-react';
import type { ReactNode } from 'react';
import { fieldTexts, type JsonSchema } from '@/components/schema-form';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Page } from '@/components/ui/page';
import { EmptyState, QueryPlaceholder } from '@/components/ui/states';
import type { Schemas } from '@/lib/api/client';
import { queries } from '@/lib/api/queries';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { typeTexts } from '@/lib/job-type-texts';
import { Can } from '@/lib/session';
import { formatDuration } from '@/lib/time';

type JobType = Schemas['JobTypeBody'];

const translations = defineTranslations(
  {
    title: 'Job types',
    note: 'What a job can do here, and the words that ask for it in a sentence.',
    none: 'No job type is loaded',
    noneHint: 'Handlers come from HANDLER_MODULES and from installed packages.',
    nouns: 'Names',
    verbs: 'Verbs',
    slots: 'Inputs',
    after: (words: string, field: string) => `${words} → ${field}`,
    schedule: 'If no time is said',
    byHand: 'runs once',
    noPhrases: 'No sentence asks for this type: create its jobs in the form, through the API or in the command line.',
    sentence: 'In a sentence',
    limit: 'Time limit',
    retries: 'Retries',
    tools: 'Tools',
    noTools: 'none',
    create: 'New job',
    createOf: (name: string) => `New job: ${name}`,
  },
  {
    title: 'Tipe job',
    note: 'Yang bisa dikerjakan job di sini, dan kata-kata untuk memintanya dalam kalimat.',
    none: 'Belum ada tipe job',
    noneHint: 'Handler berasal dari HANDLER_MODULES dan dari paket yang terpasang.',
    nouns: 'Sebutan',
    verbs: 'Kata kerja',
    slots: 'Masukan',
    after: (words: string, field: string) => `${words} → ${field}`,
    schedule: 'Jika waktunya tidak disebut',
    byHand: 'berjalan sekali',
    noPhrases: 'Tidak ada kalimat untuk tipe ini: buat jobnya lewat formulir, API, atau baris perintah.',
    sentence: 'Dalam kalimat',
    limit: 'Batas waktu',
    retries: 'Percobaan ulang',
    tools: 'Alat',
    noTools: 'tidak ada',
    create: 'Job baru',
    createOf: (name: string) => `Job baru: ${name}`,
  },
);

/** The job types of the deployment: what each does, and the words that ask for it. */
export function JobTypesPage() {
  const t = useTranslations(translations);
  const query = useQuery(queries.jobTypes());
  const { data } = query;
  return (
    <Page title={t.title} note={t.note}>
      {!data && (
        <Card>
          <QueryPlaceholder query={query} rows={6} />
        </Card>
      )}
      {data?.length === 0 && (
        <Card>
          <EmptyState icon={Shapes} title={t.none}>
            <p>{t.noneHint}</p>
          </EmptyState>
        </Card>
      )}
      <div className="grid gap-4 xl:grid-cols-2">
        {data?.map((type) => (
          <TypeCard key={type.type} type={type} />
        ))}
      </div>
    </Page>
  );
}

function TypeCard({ type }: { type: JobType }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const texts = typeTexts(type, lang);
  return (
    <Card
      data-type={type.type}
      title={
        <span className="flex flex-wrap items-baseline gap-x-2">
          {texts.name}
          {texts.name !== type.type && <code className="font-mono text-xs font-normal text-text-2">{type.type}</code>}
        </span>
      }
      aside={
        <Can role="operator">
          <ButtonLink size="small" href={`/jobs/new?type=${encodeURIComponent(type.type)}`} aria-label={t.createOf(texts.name)}>
            {t.create}
          </ButtonLink>
        </Can>
      }
    >
      <div className="grid gap-3 px-3.5 py-3 text-sm">
        {texts.about && <p className="text-text-2">{texts.about}</p>}
        <div className="grid gap-1.5">
          <h3 className="text-xs font-medium text-text-3">{t.sentence}</h3>
          {type.phrases && <PhraseList phrases={type.phrases} schema={type.inputs as JsonSchema} />}
          {texts.example && (
            <Link href={`/plan?prompt=${encodeURIComponent(texts.example)}`} className="w-fit underline decoration-border-strong underline-offset-2 hover:decoration-text">
              “{texts.example}”
            </Link>
          )}
          {!type.phrases && !texts.example && <p className="text-text-2">{t.noPhrases}</p>}
        </div>
        <dl className="flex flex-wrap gap-x-6 gap-y-1 border-t pt-2 text-xs">
          <Fact name={t.limit}>{formatDuration(type.defaults.timeout_ms, lang)}</Fact>
          <Fact name={t.retries}>{String(type.defaults.retry_policy.max_retry)}</Fact>
          <Fact name={t.tools}>{type.tools.length > 0 ? <code className="font-mono break-words">{type.tools.join(' · ')}</code> : t.noTools}</Fact>
        </dl>
      </div>
    </Card>
  );
}

/** The words of a sentence for a type: its names, its verbs, and the words before the value of an input. */
function PhraseList({ phrases, schema }: { phrases: Schemas['PhrasesBody']; schema: JsonSchema }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const label = (field: string) => fieldTexts(field, schema.properties?.[field] ?? {}, schema.title, lang).label;
  const rows = [
    [t.verbs, phrases.verbs],
    [t.nouns, phrases.nouns],
    [t.slots, phrases.slots.map((slot) => t.after(slot.words.map((word) => `“${word}”`).join(', '), label(slot.field)))],
  ] as const;
  return (
    <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[136px_minmax(0,1fr)]">
      {rows.map(([name, words]) => words.length > 0 && <Row key={name} name={name} text={words.join(' · ')} />)}
      <Row name={t.schedule} text={phrases.schedule ? scheduleText(phrases.schedule) : t.byHand} />
    </dl>
  );
}

/** A schedule of one field as it is written: `cron 0 7 * * *`. */
function scheduleText(schedule: object): string {
  return Object.entries(schedule)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}

function Row({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt className="text-xs leading-5 text-text-3">{name}</dt>
      <dd className="min-w-0 break-words">{text}</dd>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 gap-1.5">
      <dt className="shrink-0 text-text-3">{name}</dt>
      <dd className="min-w-0 text-text-2">{children}</dd>
    </div>
  );
}
