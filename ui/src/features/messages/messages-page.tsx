'use client';

import { useQueries } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { MESSAGE_STATES } from '@/components/message-state';
import { Segmented } from '@/components/segmented';
import { Link } from '@/components/ui/link';
import { Page } from '@/components/ui/page';
import { Tabs } from '@/components/ui/tabs';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { Inbox } from './inbox';
import { Outbox } from './outbox';
import { messageCount } from './queries';
import { MESSAGE_TABS, STATE_TABS } from './search-params';
import { messagesSearch } from './search-params-client';
import { translations } from './translations';

const MessageDialog = dynamic(() => import('./message-dialog').then((each) => each.MessageDialog));

const [, ...STATES] = STATE_TABS;

export function MessagesPage() {
  const t = useTranslations(translations);
  const lang = useLang();
  const [search, setSearch] = useQueryStates(messagesSearch, { history: 'push' });
  const counts = useQueries({
    queries: STATES.map((state) => messageCount(state)),
    combine: (found) => new Map(STATES.map((state, index) => [state, found[index]?.data])),
  });
  const undecided = counts.get('unknown') ?? 0;
  const options = STATE_TABS.map((value) => {
    const count = value === 'all' ? undefined : counts.get(value);
    return {
      value,
      label: (
        <>
          {value === 'all' ? t.all : MESSAGE_STATES[value].label[lang]}
          {count !== undefined && <span className="text-xs font-normal text-text-3">{formatNumber(count, lang)}</span>}
        </>
      ),
    };
  });
  return (
    <Page
      title={t.title}
      note={
        undecided > 0 && (
          <Link href="/messages?state=unknown" className="text-tone-text underline-offset-2 tone-await hover:underline">
            {t.undecided(formatNumber(undecided, lang))}
          </Link>
        )
      }
    >
      <Tabs
        label={t.tabs}
        tabs={MESSAGE_TABS.map((value) => ({ value, label: value === 'outbox' ? t.outbox : t.inbox }))}
        value={search.tab}
      />
      {search.tab === 'outbox' ? (
        <Outbox
          key={search.state}
          state={search.state}
          onClear={() => void setSearch({ state: 'all' })}
          head={
            <div className="border-b px-3.5 py-2">
              <Segmented label={t.states} options={options} value={search.state} onChange={(state) => void setSearch({ state })} />
            </div>
          }
        />
      ) : (
        <Inbox />
      )}
      {search.message !== null && (
        <MessageDialog messageId={search.message} onClose={() => void setSearch({ message: null }, { history: 'replace' })} />
      )}
    </Page>
  );
}
