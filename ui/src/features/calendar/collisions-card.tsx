'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { AbsoluteTime } from '@/components/time';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import type { Fires } from './model';
import { calendarTranslations } from './translations';

const SHOWN = 8;

/** The minutes in which several jobs fire. */
export function CollisionsCard({ collisions }: { collisions: Fires['collisions'] }) {
  const t = useTranslations(calendarTranslations);
  const lang = useLang();
  const [all, setAll] = useState(false);
  const shown = all ? collisions : collisions.slice(0, SHOWN);
  return (
    <Card title={t.together}>
      <p className="px-3.5 py-2 text-xs text-text-3">
        {collisions.length === 0 ? t.noneTogether : t.togetherHint} {t.tooOften}
      </p>
      {shown.length > 0 && (
        <ul className="border-t">
          {shown.map((each) => (
            <li key={each.at} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-b px-3.5 py-2 text-sm last:border-b-0">
              <AbsoluteTime at={each.at} className="text-text-2" />
              {each.jobs.map((job) => (
                <Link key={job} href={`/jobs/${job}`} className="max-w-full truncate font-medium hover:underline">
                  {job}
                </Link>
              ))}
            </li>
          ))}
        </ul>
      )}
      {shown.length < collisions.length && (
        <div className="border-t px-3.5 py-2">
          <Button size="small" onClick={() => setAll(true)}>
            {t.more(formatNumber(collisions.length - shown.length, lang))}
          </Button>
        </div>
      )}
    </Card>
  );
}
