'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, Download } from 'lucide-react';
import { AbsoluteTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Popover, PopoverItem } from '@/components/ui/popover';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { buttonClass } from '@/components/ui/button';
import { useAction } from '@/lib/api/use-action';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatBytes } from '@/lib/time';
import { readReport, reportHtml, type PublishedFile } from './queries';
import { saveFile } from './save-file';
import { reportTranslations } from './translations';

const FORMATS: Record<string, { name: string; suffix: string }> = {
  'text/html': { name: 'HTML', suffix: 'html' },
  'text/markdown': { name: 'Markdown', suffix: 'md' },
  'application/json': { name: 'JSON', suffix: 'json' },
};

// The document is made for mail programs; here it uses the width of the page.
const REPORT_CSS =
  '<style>body{margin:0;max-width:none;padding:16px 20px;font-size:13px;line-height:20px}h1{font-size:18px}h2{font-size:14px;margin-top:24px}' +
  'th,td{border-color:color-mix(in srgb,currentColor 18%,transparent)}</style>';

/** One report, in a sandboxed frame without scripts. */
export function ReportViewer({ report, onBack }: { report: PublishedFile; onBack: () => void }) {
  const t = useTranslations(reportTranslations);
  const { data, error, refetch } = useQuery(reportHtml(report.id));
  return (
    <Card
      className="flex min-h-[70vh] flex-col"
      title={
        <span className="flex items-center gap-2">
          <Button variant="ghost" size="icon" aria-label={t.back} onClick={onBack} className="lg:hidden">
            <ArrowLeft aria-hidden className="size-4" />
          </Button>
          <AbsoluteTime at={report.created_at} />
        </span>
      }
      aside={
        <>
          <Link href={`/runs/${encodeURIComponent(report.run_id)}`} className="underline-offset-2 hover:underline max-sm:hidden">
            {t.run}
          </Link>
          <Downloads report={report} />
        </>
      }
    >
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && data === undefined && <SkeletonRows rows={8} />}
      {data !== undefined && (
        <iframe sandbox="" title={report.id} srcDoc={data.replace('</head>', `${REPORT_CSS}</head>`)} className="w-full flex-1 rounded-b-card [color-scheme:inherit]" />
      )}
    </Card>
  );
}

function Downloads({ report }: { report: PublishedFile }) {
  const t = useTranslations(reportTranslations);
  const lang = useLang();
  const { mutate, isPending } = useAction({
    run: async (mediaType: string) => {
      const content = await (await readReport(report.id, mediaType)).blob();
      saveFile(content, `${report.id}.${FORMATS[mediaType]?.suffix ?? 'txt'}`);
    },
  });
  return (
    <Popover
      label={t.download}
      triggerClassName={buttonClass({ size: 'small' })}
      trigger={
        <>
          <Download aria-hidden className="size-3.5" />
          {t.download}
        </>
      }
    >
      {report.formats.map(({ media_type: mediaType, bytes }) => (
        <PopoverItem key={mediaType} disabled={isPending} onClick={() => mutate(mediaType)}>
          {t.as(FORMATS[mediaType]?.name ?? mediaType)}
          <span className="ml-auto pl-4 text-xs text-text-3">{formatBytes(bytes, lang)}</span>
        </PopoverItem>
      ))}
    </Popover>
  );
}
