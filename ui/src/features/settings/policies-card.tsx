'use client';

import { useQuery } from '@tanstack/react-query';
import { Ban } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { QueryPlaceholder } from '@/components/ui/states';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { formatBytes, formatNumber } from '@/lib/time';
import { settingsQueries, type Policy } from './queries';

type Tool = Policy['tools'][string];

const translations = defineTranslations(
  {
    title: 'What job types may do',
    note: 'For one attempt of a run; the rules are in the policy files.',
    type: 'Job type',
    tools: 'Tools and limits',
    rule: 'Rule',
    noRule: 'no rule matches',
    noTools: 'uses no tool',
    calls: (n: string) => `${n} calls`,
    anyCalls: 'any number of calls',
    bytes: (size: string) => `up to ${size}`,
    hosts: 'hosts',
    channels: 'channels',
    paths: 'paths',
    secrets: 'secrets',
    never: 'never',
    denied: (tool: string) => `${tool} denied`,
  },
  {
    title: 'Yang boleh dilakukan tipe job',
    note: 'Untuk satu percobaan run; aturannya ada di berkas kebijakan.',
    type: 'Tipe job',
    tools: 'Alat dan batasnya',
    rule: 'Aturan',
    noRule: 'tidak ada aturan',
    noTools: 'tanpa alat',
    calls: (n: string) => `${n} panggilan`,
    anyCalls: 'panggilan tak dibatasi',
    bytes: (size: string) => `sampai ${size}`,
    hosts: 'host',
    channels: 'kanal',
    paths: 'path',
    secrets: 'rahasia',
    never: 'tidak pernah',
    denied: (tool: string) => `${tool} ditolak`,
  },
);

const PLACES = ['hosts', 'channels', 'paths', 'secrets'] as const;
const GRID = 'lg:grid lg:grid-cols-[176px_minmax(0,1fr)_200px] lg:gap-x-4 px-3.5';

/** The effective tool policy of each job type. */
export function PoliciesCard() {
  const t = useTranslations(translations);
  const query = useQuery(settingsQueries.policies());
  const { data } = query;
  return (
    <Card id="policies" className="scroll-mt-16" title={t.title} aside={<span className="max-sm:hidden">{t.note}</span>}>
      <QueryPlaceholder query={query} rows={6} />
      {data && (
        <div role="table" aria-label={t.title}>
          <div role="row" className={`hidden border-b py-2 text-xs font-medium text-text-3 ${GRID}`}>
            <span role="columnheader">{t.type}</span>
            <span role="columnheader">{t.tools}</span>
            <span role="columnheader">{t.rule}</span>
          </div>
          {data.map((policy) => (
            <Row key={policy.type} policy={policy} />
          ))}
        </div>
      )}
    </Card>
  );
}

function Row({ policy }: { policy: Policy }) {
  const t = useTranslations(translations);
  const tools = Object.entries(policy.tools);
  return (
    <div role="row" className={`grid gap-1 border-b py-2.5 last:border-b-0 ${GRID}`}>
      <span role="rowheader" className="font-mono text-xs leading-5">
        {policy.type}
      </span>
      <span role="cell" className="min-w-0">
        {tools.length + policy.denied_tools.length === 0 && <span className="text-text-3">{t.noTools}</span>}
        <ul className="grid gap-0.5">
          {tools.map(([name, tool]) => (
            <li key={name} className="grid grid-cols-[80px_minmax(0,1fr)] gap-x-2 text-sm">
              <span className="font-medium">{name}</span>
              <Limits tool={tool} />
            </li>
          ))}
          {policy.denied_tools.map((name) => (
            <li key={name}>
              <Badge tone="fail" icon={Ban}>
                {t.denied(name)}
              </Badge>
            </li>
          ))}
        </ul>
      </span>
      <span role="cell" className="min-w-0 text-xs leading-5 break-words text-text-3">
        {policy.pattern === null ? t.noRule : `${policy.pattern} · ${policy.source}`}
      </span>
    </div>
  );
}

function Limits({ tool }: { tool: Tool }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const limits = [
    tool.calls === null ? t.anyCalls : t.calls(formatNumber(tool.calls, lang)),
    ...(tool.bytes === null ? [] : [t.bytes(formatBytes(tool.bytes, lang))]),
  ];
  return (
    <span className="min-w-0 text-text-2">
      {limits.join(' · ')}
      {PLACES.filter((place) => tool[place].length > 0).map((place) => (
        <span key={place}>
          {' · '}
          {t[place]} <code className="font-mono text-xs break-all">{tool[place].join(', ')}</code>
        </span>
      ))}
      {Object.entries(tool.rules).map(([name, value]) => (
        <span key={name}>
          {' · '}
          {name}{' '}
          <code className="font-mono text-xs break-all">
            {Array.isArray(value) ? value.join(', ') : JSON.stringify(value)}
          </code>
        </span>
      ))}
      {PLACES.filter((place) => tool.denied[place].length > 0).map((place) => (
        <span key={`never-${place}`}>
          {' · '}
          {t.never} {t[place]} <code className="font-mono text-xs break-all">{tool.denied[place].join(', ')}</code>
        </span>
      ))}
    </span>
  );
}
