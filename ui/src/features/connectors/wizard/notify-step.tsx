'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { useAction } from '@/lib/api/use-action';
import { api, unwrap, type Schemas } from '@/lib/api/client';
import { FormError } from '@/components/ui/form-error';
import { useTranslations } from '@/lib/i18n';
import { defaultNotify, type Account } from '../queries';
import { StepFrame } from './step-frame';
import { wizardTranslations } from './translations';

type Body = Schemas['DefaultNotifyBody'];
type Props = { account: Account; onBack: () => void; onNext: () => void; onChat: () => void };

/** Asks whether reports and alarms without a recipient go here. */
export function NotifyStep({ account, onBack, onNext, onChat }: Props) {
  const t = useTranslations(wizardTranslations);
  const cache = useQueryClient();
  const now = useQuery(defaultNotify());
  const to = account.default_to;
  const put = useAction<Body>({
    quiet: true,
    run: () =>
      unwrap(
        api.PUT('/settings/default-notify', {
          body: { channel: account.channel, account_id: account.account_id, to: to ?? '' },
        }),
      ),
    onSuccess: (body) => {
      cache.setQueryData(defaultNotify().queryKey, body);
      onNext();
    },
  });
  const value = to === null ? null : `${account.name}:${to}`;
  const isUsed = now.data?.value === value && value !== null;
  const isFixed = now.data?.source === 'environment';
  const canUse = now.data !== undefined && value !== null && !isUsed && !isFixed;
  return (
    <StepFrame
      title={t.notify}
      lead={t.notifyLead}
      onBack={onBack}
      actions={
        <>
          <Button variant={canUse ? 'default' : 'primary'} onClick={onNext}>
            {canUse ? t.keep : t.next}
          </Button>
          {canUse && (
            <Button variant="primary" pending={put.isPending} onClick={() => put.mutate()}>
              {t.use(value)}
            </Button>
          )}
        </>
      }
    >
      {now.data ? (
        <div className="grid gap-1.5 rounded-card border p-3">
          <p>
            <span className="text-text-2">{t.now} </span>
            {now.data.value ? <code className="font-mono text-xs break-all">{now.data.value}</code> : t.toSandbox}
          </p>
          {isUsed && <p className="text-xs text-text-2">{t.isUsed}</p>}
          {isFixed && <p className="text-xs text-text-2">{t.env}</p>}
        </div>
      ) : now.isError ? (
        <ErrorState error={now.error} onRetry={() => void now.refetch()} />
      ) : (
        <Skeleton className="h-11" />
      )}
      {value === null && (
        <p className="flex flex-wrap items-center gap-2 text-text-2">
          {t.noRecipient}
          <Button onClick={onChat}>{t.chooseRecipient}</Button>
        </p>
      )}
      <FormError error={put.error} />
    </StepFrame>
  );
}
