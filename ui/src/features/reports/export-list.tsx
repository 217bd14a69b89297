'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Archive, Download, Lock } from 'lucide-react';
import { DataTable, type Column } from '@/components/table/data-table';
import { RelativeTime } from '@/components/time';
import { Badge } from '@/components/ui/badge';
import { buttonClass, ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Link } from '@/components/ui/link';
import { Command, EmptyState, QueryPlaceholder } from '@/components/ui/states';
import { useLang, useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { formatBytes } from '@/lib/time';
import { exportList, type PublishedFile } from './queries';
import { reportTranslations } from './translations';

/** A full backup is an age file; every other export is a gzip file. */
const isSealed = (file: PublishedFile): boolean => file.formats.some(({ media_type: type }) => type === 'application/octet-stream');

/** The files that backups wrote, with size and checksum. */
export function ExportList() {
  const t = useTranslations(reportTranslations);
  const lang = useLang();
  const isAdmin = useCan('admin');
  const query = useInfiniteQuery(exportList());
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (!data) return <Card><QueryPlaceholder query={query} /></Card>;
  const files = data.pages.flatMap((page) => page.items);
  if (files.length === 0) {
    return (
      <Card>
        <EmptyState icon={Archive} title={t.noExports}>
          <p>{t.noExportsHint}</p>
          <p className="font-medium text-text">“{t.exportSentence}”</p>
          <ButtonLink variant="primary" href={`/plan?prompt=${encodeURIComponent(t.exportSentence)}`}>
            {t.plan}
          </ButtonLink>
        </EmptyState>
      </Card>
    );
  }
  const columns: Column<PublishedFile>[] = [
    { id: 'file', header: t.file, width: 'minmax(0,1.4fr)', card: 'title', cell: (file) => (
        <span className="flex flex-wrap items-center gap-1.5">
          <span className="font-mono text-xs">{file.id}</span>
          {isSealed(file) && <Badge icon={Lock} title={t.sealedHint}>{t.sealed}</Badge>}
        </span>
      ) },
    {
      id: 'job',
      header: t.job,
      width: 'minmax(0,1fr)',
      cell: (file) => (
        <Link href={`/jobs/${encodeURIComponent(file.job_id)}`} className="underline-offset-2 hover:underline">
          {file.job_id}
        </Link>
      ),
    },
    { id: 'created', header: t.created, width: '110px', cell: (file) => <RelativeTime at={file.created_at} className="text-text-2" /> },
    { id: 'size', header: t.size, width: '80px', align: 'end', cell: (file) => formatBytes(file.bytes, lang) },
    {
      id: 'sha',
      from: 'xl',
      header: t.checksum,
      width: '150px',
      card: 'wide',
      cell: (file) => (
        <span className="flex items-center gap-1">
          <code title={file.sha256} className="truncate font-mono text-xs text-text-2">
            {file.sha256.slice(0, 16)}…
          </code>
          <CopyButton text={file.sha256} label={t.checksum} />
        </span>
      ),
    },
    { id: 'host', header: t.host, width: '100px', from: 'xl', cell: (file) => <span className="text-text-2" title={file.place === 'host' ? t.onlyThere : undefined}>{file.place === 'host' ? t.only(file.host) : file.host}</span> },
    {
      id: 'download',
      header: '',
      width: '104px',
      align: 'end',
      card: 'wide',
      cell: (file) => file.secrets && !isAdmin ? (
        <span className="text-xs text-text-3">{t.adminsOnly}</span>
      ) : (
        <a
          href={`/api/exports/${encodeURIComponent(file.id)}`}
          download
          aria-label={`${t.download} ${file.id}`}
          className={buttonClass({ size: 'small' })}
        >
          <Download aria-hidden className="size-3.5" />
          {t.download}
        </a>
      ),
    },
  ];
  return (
    <Card>
      <DataTable
        label={t.exportTable}
        columns={columns}
        rows={files}
        rowKey={(file) => file.id}
        onEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
        isLoadingMore={isFetchingNextPage}
      />
      <div className="border-t px-3.5 py-2">
        <Command label={t.restore} text="multi-job restore FILE --dry-run" />
      </div>
    </Card>
  );
}
