'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from '@/lib/toast';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { useAction } from '@/lib/api/use-action';
import { api, unwrap } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';

const translations = defineTranslations(
  {
    title: (job: string) => `Delete ${job}?`,
    waits: 'Its scheduled, queued and retrying runs are cancelled. Active runs end normally.',
    goes: 'Its schedule, versions and pause are deleted too.',
    stays: 'Its runs stay in the history until retention removes them.',
    remove: 'Delete this job',
    done: (job: string) => `${job} is deleted.`,
  },
  {
    title: (job: string) => `Hapus ${job}?`,
    waits: 'Run-nya yang terjadwal, mengantre, dan mencoba ulang dibatalkan; yang sedang berjalan dibiarkan selesai.',
    goes: 'Jadwal, versi, dan jedanya ikut terhapus.',
    stays: 'Run-nya tetap ada di riwayat sampai masa simpannya habis.',
    remove: 'Hapus job ini',
    done: (job: string) => `${job} sudah dihapus.`,
  },
);

/** Deletes a job after the user has typed its name, then opens the list. */
export function DeleteDialog({ jobId, onClose }: { jobId: string; onClose: () => void }) {
  const t = useTranslations(translations);
  const router = useRouter();
  const client = useQueryClient();
  const remove = useAction({
    run: () => unwrap(api.DELETE('/jobs/{job_id}', { params: { path: { job_id: jobId } } })),
    onSuccess: () => {
      toast.success(t.done(jobId));
      void client.invalidateQueries({ queryKey: ['jobs'] });
      router.push('/jobs');
    },
    onError: (error) => {
      // The job is already deleted: the page shows that.
      if (error.status === 404) void client.invalidateQueries({ queryKey: queries.job(jobId).queryKey });
    },
  });
  return (
    <ConfirmDialog
      onClose={onClose}
      title={t.title(jobId)}
      action={t.remove}
      danger
      typed={jobId}
      pending={remove.isPending || remove.isSuccess}
      onConfirm={() => remove.mutate()}
    >
      <ul className="grid list-disc gap-1 pl-4">
        <li>{t.waits}</li>
        <li>{t.goes}</li>
        <li>{t.stays}</li>
      </ul>
    </ConfirmDialog>
  );
}
