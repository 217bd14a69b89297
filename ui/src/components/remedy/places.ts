import type { Schemas } from '@/lib/api/client';
import type { DeadLetterSelection } from '@/lib/api/dead-letters';

export type Remedy = Schemas['RemedyBody'];

/** What a remedy does here: a call of the API, a dialog that changes a job, a page, or only a command. */
export type RemedyPlace = { kind: 'call' } | { kind: 'dialog' } | { kind: 'page'; href: string } | { kind: 'command' };

/** Where a remedy is carried out. */
export function placeOf({ action, target }: Pick<Remedy, 'action' | 'target'>): RemedyPlace {
  switch (action) {
    case 'enable':
    case 'resume':
    case 'redrive':
    case 'run_now':
      return { kind: 'call' };
    case 'let_queue':
    case 'raise_timeout':
      return { kind: 'dialog' };
    case 'set_up_account':
      return { kind: 'page', href: `/connectors?connect=${encodeURIComponent(target)}` };
    case 'set_recipient':
      return { kind: 'page', href: '/settings#notify' };
    case 'free_space':
    case 'start_service':
      return { kind: 'command' };
  }
}

/** The scope of a pause from a target: `all`, `queue:NAME`, `type:NAME`, `job:NAME`, or a job. */
export function scopeOf(target: string): Pick<Schemas['PausedScope'], 'scope' | 'name'> {
  if (target === '' || target === 'all') return { scope: 'all', name: null };
  const [scope = '', name = ''] = target.split(/:(.*)/s);
  return scope === 'queue' || scope === 'type' || scope === 'job' ? { scope, name } : { scope: 'job', name: target };
}

const RUN_ID = /^[0-9A-HJKMNP-TV-Z]{26}$|@\d+$/;

/** The dead letters that a target names: one run, or all with the fingerprint of an error. */
export function lettersOf(target: string): DeadLetterSelection {
  return RUN_ID.test(target) ? { run_ids: [target] } : { fingerprint: target };
}
