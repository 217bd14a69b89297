'use client';

import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import { FormError } from '@/components/ui/form-error';
import { useTranslations } from '@/lib/i18n';
import { channelName } from '../accounts';
import { CheckResult } from '../check-result';
import type { Account } from '../queries';
import { useSaveAccount, type useTestAccount } from '../use-account-actions';
import { StepFrame } from './step-frame';
import { wizardTranslations } from './translations';

type Props = {
  account: Account;
  test: ReturnType<typeof useTestAccount>;
  onCheck: () => void;
  onBack: () => void;
  onNext: () => void;
};

/** The result of a real call to the channel, and a remedy if it failed. */
export function CheckStep({ account, test, onCheck, onBack, onNext }: Props) {
  const t = useTranslations(wizardTranslations);
  const save = useSaveAccount();
  const answer = test.isPending ? undefined : (test.data ?? account.health ?? undefined);
  const works = answer?.state === 'up' || answer?.state === 'degraded';
  const isOff = !account.enabled;
  const enable = () =>
    save.mutate(
      { channel: account.channel, accountId: account.account_id, account, changes: { enabled: true } },
      { onSuccess: onCheck },
    );
  return (
    <StepFrame
      title={t.check}
      lead={t.checkLead}
      onBack={onBack}
      actions={
        <>
          {isOff ? (
            <Button pending={save.isPending} onClick={enable}>
              {t.enable}
            </Button>
          ) : (
            <Button disabled={test.isPending} onClick={onCheck}>
              {answer ? t.checkAgain : t.checkNow}
            </Button>
          )}
          <Button variant={works ? 'primary' : 'default'} disabled={test.isPending} onClick={onNext}>
            {works ? t.next : t.goOn}
          </Button>
        </>
      }
    >
      {test.isPending && (
        <p role="status" className="flex items-center gap-2 text-text-2">
          <Spinner /> {t.checking(channelName(account.channel))}
        </p>
      )}
      {answer && (
        <div className="grid gap-2 rounded-card border p-3">
          <p className="font-medium">
            {answer.state === 'up' ? t.works : answer.state === 'degraded' ? t.worksPartly : t.broken}
          </p>
          <CheckResult channel={account.channel} check={answer} />
          {!works && !isOff && (
            <Button className="w-fit" onClick={onBack}>
              {t.change}
            </Button>
          )}
        </div>
      )}
      {test.isError && !test.isPending && <FormError error={test.error} />}
    </StepFrame>
  );
}
