'use client';

import { Dialog } from '@/components/ui/dialog';
import { SidebarNav } from './sidebar';

/** The sidebar of narrow screens: over the page, until something is chosen. */
export function MobileNav({ onClose }: { onClose: () => void }) {
  return (
    <Dialog onClose={onClose} title="multi-job" placement="side">
      <SidebarNav onNavigate={onClose} />
    </Dialog>
  );
}
