'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { RelativeTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { api, unwrap } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { jobQueries } from './queries';

const translations = defineTranslations(
  {
    title: 'Ping URL',
    use: 'The program calls it when it has ended well; with /start, /fail or its exit code behind it.',
    replace: 'Replace',
    sure: 'Replace it: the present URL stops working',
    last: 'Last ping',
    none: 'No ping came yet.',
    code: (code: number) => `exit code ${code}`,
    success: 'success',
    fail: 'failure',
  },
  {
    title: 'URL ping',
    use: 'Dipanggil program saat selesai dengan baik; tambahkan /start, /fail, atau kode keluarnya di belakang.',
    replace: 'Ganti',
    sure: 'Ganti: URL yang sekarang tidak berlaku lagi',
    last: 'Ping terakhir',
    none: 'Belum ada ping yang datang.',
    code: (code: number) => `kode keluar ${code}`,
    success: 'berhasil',
    fail: 'gagal',
  },
);

/** The ping URL of a heartbeat, for operators, and what its program reported last. */
export function PingUrlCard({ jobId }: { jobId: string }) {
  return useCan('operator') ? <PingUrl jobId={jobId} /> : null;
}

function PingUrl({ jobId }: { jobId: string }) {
  const t = useTranslations(translations);
  const client = useQueryClient();
  const query = jobQueries.pingUrl(jobId);
  const { data } = useQuery(query);
  const [isAsked, setAsked] = useState(false);
  const replace = useMutation({
    mutationFn: () => unwrap(api.POST('/monitors/{job_id}/token', { params: { path: { job_id: jobId } } })),
    onSuccess: (fresh) => {
      client.setQueryData(query.queryKey, fresh);
      setAsked(false);
    },
  });
  if (!data) return null;
  return (
    <Card className="grid gap-2 p-3.5 text-sm">
      <h2 className="font-medium">{t.title}</h2>
      <p className="flex min-w-0 items-center gap-1">
        <code className="min-w-0 font-mono text-xs break-all">{data.url}</code>
        <CopyButton text={data.url} />
      </p>
      <p className="text-xs text-text-2">{t.use}</p>
      <p className="text-xs text-text-2">
        {data.last ? (
          <>
            {t.last}: {t[data.last.kind]}
            {data.last.exit_code !== null && ` (${t.code(data.last.exit_code)})`} · <RelativeTime at={data.last.at} />
          </>
        ) : (
          t.none
        )}
      </p>
      {data.last?.output && <pre className="max-h-40 overflow-auto rounded-badge bg-raised p-2 font-mono text-xs">{data.last.output}</pre>}
      <div>
        <Button disabled={replace.isPending} onClick={() => (isAsked ? replace.mutate() : setAsked(true))}>
          {isAsked ? t.sure : t.replace}
        </Button>
      </div>
    </Card>
  );
}
