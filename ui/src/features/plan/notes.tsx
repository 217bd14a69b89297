'use client';

import { ArrowRight, Info, TriangleAlert } from 'lucide-react';
import { Link } from '@/components/ui/link';
import { CopyButton } from '@/components/ui/copy-button';
import { cn } from '@/lib/cn';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { TONE_CLASS } from '@/lib/run-states';
import { remediesOf, splitCommands } from './remedies';

const translations = defineTranslations(
  {
    connect: 'Set up this account',
    notify: 'Set the recipient',
    inbox: 'Sandbox inbox',
    job: 'Open the job',
    warning: 'Warning',
    assumption: 'Assumed',
  },
  {
    connect: 'Atur akun ini',
    notify: 'Atur penerima',
    inbox: 'Kotak masuk sandbox',
    job: 'Buka job',
    warning: 'Peringatan',
    assumption: 'Dianggap',
  },
);

/** Assumptions and missing setup, each with the command or page that fixes it. */
export function Notes({ warnings, assumptions }: { warnings: readonly string[]; assumptions: readonly string[] }) {
  if (warnings.length + assumptions.length === 0) return null;
  return (
    <ul className="grid gap-1.5">
      {warnings.map((text) => (
        <Note key={text} text={text} kind="warning" />
      ))}
      {assumptions.map((text) => (
        <Note key={text} text={text} kind="assumption" />
      ))}
    </ul>
  );
}

function Note({ text, kind }: { text: string; kind: 'warning' | 'assumption' }) {
  const t = useTranslations(translations);
  const Icon = kind === 'warning' ? TriangleAlert : Info;
  return (
    <li className={cn('flex gap-2 text-sm text-text-2', kind === 'warning' ? TONE_CLASS.retry : TONE_CLASS.neutral)}>
      <Icon role="img" aria-label={t[kind]} className="mt-[3px] size-3.5 shrink-0 text-tone" />
      <span className="min-w-0 break-words">
        {splitCommands(text).map((piece, at) => (piece.isCommand ? <InlineCommand key={at} text={piece.text} /> : piece.text))}
        {remediesOf(text).map((mend) => (
          <Link key={mend.href} href={mend.href} className="mr-1 ml-1 inline-flex items-center gap-0.5 font-medium whitespace-nowrap text-text underline decoration-border-strong underline-offset-2 hover:decoration-text">
            {t[mend.place]}
            <ArrowRight aria-hidden className="size-3" />
          </Link>
        ))}
      </span>
    </li>
  );
}

function InlineCommand({ text }: { text: string }) {
  return (
    <span className="inline-flex items-center gap-0.5 align-middle">
      <code className="rounded-[4px] border bg-raised px-1 font-mono text-xs leading-4 text-text">{text}</code>
      <CopyButton text={text} />
    </span>
  );
}
