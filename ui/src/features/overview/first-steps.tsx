'use client';

import { WandSparkles } from 'lucide-react';
import { Link } from '@/components/ui/link';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/field';
import { EmptyState } from '@/components/ui/states';
import { useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { EXAMPLES, overviewTranslations } from './translations';

const planOf = (prompt: string) => `/plan?prompt=${encodeURIComponent(prompt)}`;

/** The overview of a deployment without jobs: how to create the first one. */
export function FirstSteps() {
  const t = useTranslations(overviewTranslations);
  const router = useRouter();
  const [prompt, setPrompt] = useState('');
  if (!useCan('operator')) {
    return (
      <Card>
        <EmptyState icon={WandSparkles} title={t.start}>
          <p>{t.viewerHint}</p>
        </EmptyState>
      </Card>
    );
  }
  const plan = (event: FormEvent) => {
    event.preventDefault();
    router.push(planOf(prompt.trim() || t.placeholder));
  };
  return (
    <Card title={t.start}>
      <div className="grid gap-4 p-3.5">
        <p className="max-w-prose text-text-2">{t.startHint}</p>
        <form onSubmit={plan} className="flex flex-wrap items-end gap-2">
          <Field label={t.sentence} className="min-w-0 flex-1 basis-72">
            {(ids) => (
              <Input {...ids} value={prompt} maxLength={2_000} placeholder={t.placeholder} autoComplete="off" onChange={(event) => setPrompt(event.target.value)} />
            )}
          </Field>
          <Button type="submit" variant="primary">
            {t.plan}
          </Button>
        </form>
        <div>
          <p className="pb-1.5 text-xs font-medium text-text-2">{t.examples}</p>
          <ul className="grid gap-1">
            {EXAMPLES.map(({ lang, text }) => (
              <li key={text}>
                <Link href={planOf(text)} className="flex items-baseline gap-2 rounded-control px-2 py-1 hover:bg-hover">
                  <span className="w-5 shrink-0 text-2xs font-medium text-text-3 uppercase">{lang}</span>
                  <span lang={lang}>{text}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
        <p className="flex items-center gap-2 text-text-2">
          <ButtonLink href="/jobs/new">{t.newJob}</ButtonLink>
          {t.byForm}
        </p>
      </div>
    </Card>
  );
}
