'use client';

import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { watchToasts } from '@/lib/toast';

const Toaster = dynamic(() => import('./toaster').then((module) => module.Toaster), { ssr: false });

/** The toaster, loaded with the first toast. */
export function LazyToaster() {
  const [isWanted, setWanted] = useState(false);
  useEffect(() => watchToasts(() => setWanted(true)), []);
  return isWanted ? <Toaster /> : null;
}
