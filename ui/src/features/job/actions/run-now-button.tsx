'use client';

import { Play } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { useHotkey } from '@/lib/hotkeys';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import { useCan } from '@/lib/session';

const RunNowDialog = dynamic(() => import('./run-now-dialog').then((module) => module.RunNowDialog), { ssr: false });

const translations = defineTranslations({ run: 'Run now' }, { run: 'Jalankan' });
const KEY = 'r';

/** Opens the dialog that runs the job once; `primary` is the page's own, with its key. */
export function RunNowButton({ job, primary = false }: { job: Job; primary?: boolean }) {
  const t = useTranslations(translations);
  const [isOpen, setOpen] = useState(false);
  const canRun = useCan('operator');
  useHotkey(KEY, t.run, () => setOpen(true), canRun && primary);
  if (!canRun) return null;
  return (
    <>
      <Button variant={primary ? 'primary' : 'default'} onClick={() => setOpen(true)}>
        <Play aria-hidden className="size-3.5" />
        {t.run}
        {primary && <Kbd>R</Kbd>}
      </Button>
      {isOpen && <RunNowDialog job={job} onClose={() => setOpen(false)} />}
    </>
  );
}
