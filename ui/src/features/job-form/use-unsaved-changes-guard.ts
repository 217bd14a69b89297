'use client';

import { useEffect, useRef, useState } from 'react';
import { setNavigationGuard } from '@/lib/navigation-guard';

const BACK_TIMEOUT_MS = 3_000;

type TraverseEvent = Event & { navigationType?: string; destination?: { key: string; url: string } };
type Navigation = EventTarget & { traverseTo: (key: string) => void };

/** The navigation that waits for the user's answer. */
export type PendingNavigation = { go: () => void } | null;

/**
 * Asks before unsaved edits are lost: by a link, the palette, a shortcut, back or forward. Closing or reloading uses
 * the browser's own question. `leave` continues the navigation.
 */
export function useUnsavedChangesGuard(isDirty: boolean, push: (href: string) => void) {
  const [pending, setPending] = useState<PendingNavigation>(null);
  const isLeaving = useRef(false);
  const goTo = useRef(push);
  useEffect(() => {
    goTo.current = push;
  });
  useEffect(() => {
    if (!isDirty) return undefined;
    const onUnload = (event: BeforeUnloadEvent) => {
      if (!isLeaving.current) event.preventDefault();
    };
    const onClick = (event: MouseEvent) => {
      const href = isLeaving.current ? null : linkOf(event);
      if (href === null) return;
      event.preventDefault();
      event.stopPropagation();
      setPending({ go: () => goTo.current(href) });
    };
    const onTraverse = (event: TraverseEvent) => {
      const key = event.destination?.key;
      const isAway = event.destination && new URL(event.destination.url).pathname !== window.location.pathname;
      if (isLeaving.current || event.navigationType !== 'traverse' || !event.cancelable || !key || !isAway) return;
      event.preventDefault();
      setPending({ go: () => navigation?.traverseTo(key) });
    };
    // Not every browser supports this; without it, back and forward do not ask.
    const navigation = (window as { navigation?: Navigation }).navigation;
    const unguard = setNavigationGuard((go) => (isLeaving.current ? go() : setPending({ go })));
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, true);
    navigation?.addEventListener('navigate', onTraverse);
    return () => {
      unguard();
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, true);
      navigation?.removeEventListener('navigate', onTraverse);
    };
  }, [isDirty]);
  return {
    isAsking: pending !== null,
    stay: () => setPending(null),
    leave: () => {
      isLeaving.current = true;
      pending?.go();
      setPending(null);
      // If that leads back here, the guard is active again.
      setTimeout(() => {
        isLeaving.current = false;
      }, BACK_TIMEOUT_MS);
    },
    /** The edits are saved: stop asking. */
    release: () => {
      isLeaving.current = true;
    },
  };
}

/** The page of the dashboard that a click opens in this tab; null for every other click. */
function linkOf(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target === '_blank' || link.download) return null;
  const url = new URL(link.href);
  if (url.origin !== window.location.origin || url.pathname === window.location.pathname) return null;
  return url.pathname + url.search + url.hash;
}
