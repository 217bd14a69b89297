'use client';

import { useQueryClient } from '@tanstack/react-query';
import { toast } from '@/lib/toast';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { useAction } from '@/lib/api/use-action';
import { api, unwrap } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import type { RequestedDecision } from './decision-rules';
import { putMessage, type Message } from './queries';
import { translations } from './translations';

/** Asks before a message is sent again or given up, and explains the effect. */
export function DecisionDialog({ asked, onClose }: { asked: RequestedDecision; onClose: () => void }) {
  const t = useTranslations(translations);
  const cache = useQueryClient();
  const { message, decision } = asked;
  const act = useAction<Message>({
    run: () => {
      const params = { params: { path: { message_id: message.id } } };
      return unwrap(
        decision === 'resend'
          ? api.POST('/messages/{message_id}/resend', params)
          : api.POST('/messages/{message_id}/close', params),
      );
    },
    onSuccess: (after) => {
      putMessage(cache, after);
      void cache.invalidateQueries({ queryKey: ['messages'] });
      toast.success(decision === 'resend' ? t.resent : t.closed);
      onClose();
    },
  });
  const isUnknown = message.state === 'unknown';
  const meaning =
    decision === 'resend'
      ? (isUnknown ? t.resendUnknown : t.resendFailed)(message.to)
      : isUnknown
        ? t.closeUnknown
        : message.state === 'pending'
          ? t.closePending
          : t.closeFailed;
  return (
    <ConfirmDialog
      onClose={onClose}
      title={decision === 'resend' ? t.resendTitle : t.closeTitle}
      action={decision === 'resend' ? t.resend : t.close}
      danger={decision === 'close' || isUnknown}
      pending={act.isPending}
      onConfirm={() => act.mutate()}
    >
      <p>{meaning}</p>
      <blockquote className="line-clamp-3 border-l-2 pl-2 text-xs whitespace-pre-line">{message.text}</blockquote>
    </ConfirmDialog>
  );
}
