'use client';

import { useTheme } from 'next-themes';
import { useEffect, type CSSProperties } from 'react';
import { Toaster as Library } from 'sonner';
import { toastsShown } from '@/lib/toast';

const LOOK = {
  '--normal-bg': 'var(--surface)',
  '--normal-text': 'var(--text)',
  '--normal-border': 'var(--border-strong)',
} as CSSProperties;

/** The toaster of the library in our colours. Its effects run before ours, so that no toast is lost. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  useEffect(toastsShown, []);
  return <Library position="bottom-right" theme={resolvedTheme === 'dark' ? 'dark' : 'light'} style={LOOK} className="font-sans" />;
}
