'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { parseTarget } from '../accounts';
import { useTestAccount } from '../use-account-actions';
import { AccountStep } from './account-step';
import { ChannelStep } from './channel-step';
import { ChatStep } from './chat-step';
import { CheckStep } from './check-step';
import { DoneStep } from './done-step';
import { MessageStep } from './message-step';
import { NotifyStep } from './notify-step';
import { StepList } from './step-list';
import { firstStep, isOpen, stepAfter, stepBefore, stepsOf, type Step } from './steps';
import { wizardTranslations } from './translations';

type Props = {
  /** `telegram:bot_a01`, `telegram` or `new`. */
  target: string;
  onTarget: (target: string) => void;
  onClose: () => void;
};

/** From choosing a channel to a delivered message, step by step. Saved steps stay saved. */
export function ConnectWizard({ target, onTarget, onClose }: Props) {
  const t = useTranslations(wizardTranslations);
  const [start] = useState(() => parseTarget(target));
  const [channelId, setChannelId] = useState(start.channel);
  const [accountId, setAccountId] = useState(start.accountId);
  const channels = useQuery(queries.connectors()).data ?? [];
  const channel = channels.find((each) => each.channel === channelId);
  const [step, setStep] = useState<Step>(firstStep(channel ? channelId : null));
  const test = useTestAccount();
  const account = channel?.accounts.find((each) => each.account_id === accountId);
  const isSaved = account !== undefined;
  const go = (to: Step) => isOpen(to, channel?.channel ?? null, isSaved) && setStep(to);
  const steps = stepsOf(channel);
  const moves = { onBack: () => go(stepBefore(step, steps)), onNext: () => setStep(stepAfter(step, steps)) };
  const check = (id: string) => channel && test.mutate({ channel: channel.channel, accountId: id });

  return (
    <Dialog
      onClose={onClose}
      title={account ? t.titleOf(account.name) : t.title}
      className="w-[min(720px,calc(100vw-32px))] max-sm:top-4 max-sm:max-h-[calc(100dvh-32px)]"
    >
      <div className="grid gap-4 sm:grid-cols-[148px_minmax(0,1fr)] sm:gap-6">
        <StepList steps={steps} step={step} onGo={go} isOpen={(each) => isOpen(each, channel?.channel ?? null, isSaved)} />
        <div key={step} className="flex min-h-96 min-w-0 flex-col gap-3.5">
          {step === 'channel' && (
            <ChannelStep
              channels={channels}
              chosen={channelId}
              onChoose={(id) => {
                if (id !== channelId) setAccountId('');
                setChannelId(id);
                setStep('account');
              }}
            />
          )}
          {step === 'account' && channel && (
            <AccountStep
              key={channel.channel}
              channel={channel}
              accountId={accountId}
              onBack={moves.onBack}
              onSaved={(saved) => {
                setAccountId(saved.account_id);
                onTarget(saved.name);
                check(saved.account_id);
                setStep('check');
              }}
            />
          )}
          {step === 'check' && account && <CheckStep account={account} test={test} onCheck={() => check(account.account_id)} {...moves} />}
          {step === 'chat' && channel && account && <ChatStep channel={channel} account={account} {...moves} />}
          {step === 'message' && account && <MessageStep account={account} onChat={() => setStep('chat')} {...moves} />}
          {step === 'notify' && account && <NotifyStep account={account} onChat={() => setStep('chat')} {...moves} />}
          {step === 'done' && account && <DoneStep account={account} onClose={onClose} onBack={moves.onBack} />}
        </div>
      </div>
    </Dialog>
  );
}
