'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { useLive } from '@/lib/live/provider';
import { useSession } from '@/lib/session';

/** A page that was opened while the API was away knows nobody: once the API answers, who asks is read again. */
export function useRecoverSession(): void {
  const router = useRouter();
  const isUnknown = useSession().name === '';
  const isLive = useLive().state === 'live';
  useEffect(() => {
    if (isUnknown && isLive) router.refresh();
  }, [isUnknown, isLive, router]);
}
