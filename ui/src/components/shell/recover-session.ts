'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { useLive } from '@/lib/live/provider';
import { useSession } from '@/lib/session';

/** A page that was opened during an outage has no user: reload the session when the API answers again. */
export function useRecoverSession(): void {
  const router = useRouter();
  const isUnknown = useSession().name === '';
  const isLive = useLive().state === 'live';
  useEffect(() => {
    if (isUnknown && isLive) router.refresh();
  }, [isUnknown, isLive, router]);
}
