'use client';

import { useQuery } from '@tanstack/react-query';
import { Card } from '@/components/ui/card';
import { QueryPlaceholder } from '@/components/ui/states';
import type { Schemas } from '@/lib/api/client';
import { defineTranslations, useLang, useTranslations, type Lang } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { formatBytes, formatNumber } from '@/lib/time';
import { Fact, Facts } from './facts';

const translations = defineTranslations(
  {
    title: 'This deployment',
    version: 'Version',
    schema: 'Schema of the data',
    namespace: 'Namespace',
    timezone: 'Time zone',
    redis: 'Redis',
    memory: 'Memory',
    resident: 'Resident memory',
    own: 'Data of this deployment',
    latency: 'Latency',
    of: (used: string, limit: string) => `${used} of ${limit}`,
    noLimit: (used: string) => `${used}, no limit of its own`,
    shard: (number: number) => `Shard ${number}`,
    jobs: (count: string, latency: string) => `${count} jobs, ${latency} ms`,
    down: (reason: string) => `Down: its jobs wait. ${reason}`,
  },
  {
    title: 'Instalasi ini',
    version: 'Versi',
    schema: 'Skema data',
    namespace: 'Namespace',
    timezone: 'Zona waktu',
    redis: 'Redis',
    memory: 'Memori',
    resident: 'Memori fisik',
    own: 'Data instalasi ini',
    latency: 'Latensi',
    of: (used: string, limit: string) => `${used} dari ${limit}`,
    noLimit: (used: string) => `${used}, tanpa batas sendiri`,
    shard: (number: number) => `Shard ${number}`,
    jobs: (count: string, latency: string) => `${count} job, ${latency} ms`,
    down: (reason: string) => `Mati: job-nya menunggu. ${reason}`,
  },
);

type Usage = Schemas['MemoryUsageBody'];
type Kind = keyof Usage['kinds'];

const KINDS: Record<Lang, Record<Kind, string>> = {
  en: {
    jobs: 'jobs',
    queue: 'queue',
    history: 'history',
    rollups: 'statistics',
    logs: 'logs and events',
    messages: 'messages',
    artifacts: 'reports and exports',
    other: 'other',
  },
  id: {
    jobs: 'job',
    queue: 'antrean',
    history: 'riwayat',
    rollups: 'statistik',
    logs: 'log dan peristiwa',
    messages: 'pesan',
    artifacts: 'laporan dan ekspor',
    other: 'lainnya',
  },
};

/** The Redis memory of this deployment: the sum and its three largest parts. */
function ownData(usage: Usage, lang: Lang): string {
  const kinds = Object.entries(usage.kinds) as [Kind, number][];
  const largest = kinds.sort((a, b) => b[1] - a[1]).slice(0, 3);
  const parts = largest.map(([kind, bytes]) => `${KINDS[lang][kind]} ${formatBytes(bytes, lang)}`);
  return `${formatBytes(usage.total_bytes, lang)}: ${parts.join(', ')}`;
}

export function PlatformCard() {
  const t = useTranslations(translations);
  const lang = useLang();
  const query = useQuery(queries.platform());
  const { data } = query;
  return (
    <Card id="platform" title={t.title}>
      <QueryPlaceholder query={query} rows={5} />
      {data && (
        <Facts>
          <Fact name={t.version}>{data.version}</Fact>
          <Fact name={t.schema}>{data.schema_version ?? '–'}</Fact>
          <Fact name={t.namespace}>
            <code className="font-mono text-xs">{data.namespace}</code>
          </Fact>
          <Fact name={t.timezone}>{data.timezone}</Fact>
          <Fact name={t.redis}>{data.redis.version}</Fact>
          <Fact name={t.memory}>
            {data.redis.max_memory_bytes === null
              ? t.noLimit(formatBytes(data.redis.used_memory_bytes, lang))
              : t.of(formatBytes(data.redis.used_memory_bytes, lang), formatBytes(data.redis.max_memory_bytes, lang))}
          </Fact>
          <Fact name={t.resident}>{formatBytes(data.redis.resident_memory_bytes, lang)}</Fact>
          {data.memory && <Fact name={t.own}>{ownData(data.memory, lang)}</Fact>}
          <Fact name={t.latency}>{formatNumber(data.redis.latency_ms, lang, 1)} ms</Fact>
          {data.shards.map((each) => (
            <Fact key={each.shard} name={t.shard(each.shard)}>
              {each.status === 'ok'
                ? t.jobs(formatNumber(each.jobs ?? 0, lang), formatNumber(each.latency_ms ?? 0, lang, 1))
                : t.down(each.reason ?? '')}
            </Fact>
          ))}
        </Facts>
      )}
    </Card>
  );
}
