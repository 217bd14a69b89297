'use client';

import { useQuery } from '@tanstack/react-query';
import { Megaphone, User, Users, Inbox, type LucideIcon } from 'lucide-react';
import { RelativeTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import { toApiError, type Schemas } from '@/lib/api/client';
import { cn } from '@/lib/cn';
import { useTranslations } from '@/lib/i18n';
import { chats, type Account } from '../queries';
import { wizardTranslations } from './translations';

type Chat = Schemas['ChatBody'];
type Props = { account: Account; chosen: string; onChoose: (chatId: string) => void };

const ICONS: Record<Chat['kind'], LucideIcon> = { private: User, group: Users, channel: Megaphone, sandbox: Inbox };

/** The chats that wrote to the account recently; polled while this is open. */
export function ChatList({ account, chosen, onChoose }: Props) {
  const t = useTranslations(wizardTranslations);
  const found = useQuery(chats(account.channel, account.account_id));
  const isSandbox = account.channel === 'sandbox';
  const how = isSandbox ? t.sandboxHint : account.channel === 'telegram' ? t.startHint : t.writeHint;
  if (found.isError) {
    return (
      <div role="alert" className="grid justify-items-start gap-2 rounded-card border p-3 text-xs text-text-2">
        <p>{toApiError(found.error).detail}</p>
        <Button size="small" pending={found.isFetching} onClick={() => void found.refetch()}>
          {t.lookAgain}
        </Button>
      </div>
    );
  }
  const list = found.data ?? [];
  return (
    <div className="grid gap-2 rounded-card border p-3">
      {!isSandbox && account.channel === 'telegram' && <p className="font-medium">{t.start}</p>}
      <p className="text-xs text-text-2">{how}</p>
      {list.length > 0 && (
        <div role="radiogroup" aria-label={t.chats} className="-mx-1.5 grid max-h-48 gap-0.5 overflow-y-auto">
          {list.map((chat) => (
            <ChatRow key={chat.chat_id} chat={chat} isChosen={chat.chat_id === chosen} onChoose={() => onChoose(chat.chat_id)} />
          ))}
        </div>
      )}
      {!isSandbox && list.length === 0 && (
        <p role="status" className="flex items-center gap-2 text-xs text-text-2">
          <Spinner /> {t.waiting}
        </p>
      )}
    </div>
  );
}

function ChatRow({ chat, isChosen, onChoose }: { chat: Chat; isChosen: boolean; onChoose: () => void }) {
  const Icon = ICONS[chat.kind];
  return (
    <label
      className={cn(
        'flex min-h-8 cursor-pointer items-center gap-2 rounded-control px-1.5 hover:bg-hover',
        isChosen && 'bg-selected',
      )}
    >
      <input type="radio" name="chat" checked={isChosen} onChange={onChoose} className="size-3.5 shrink-0 accent-ink" />
      <Icon aria-hidden className="size-3.5 shrink-0 text-text-3" />
      <span className="min-w-0 truncate">{chat.title}</span>
      {chat.title !== chat.chat_id && <code className="shrink-0 font-mono text-xs text-text-2">{chat.chat_id}</code>}
      {chat.last_text_at && <RelativeTime isInControl at={chat.last_text_at} className="ml-auto shrink-0 text-xs text-text-2" />}
    </label>
  );
}
