'use client';

import { inLanguage, useLang } from '@/lib/i18n';
import type { ApiError } from '@/lib/api/client';
import { Button } from './button';
import { Dialog } from './dialog';

type Props = {
  title: string;
  label: string;
  close: string;
  /** What was refused, and why. */
  refusals: readonly { id: string; problem: ApiError }[];
  onClose: () => void;
};

/** Of an act on many, what was refused: each by its id, with the reason. */
export function Refusals({ title, label, close, refusals, onClose }: Props) {
  const lang = useLang();
  return (
    <Dialog open onOpenChange={onClose} title={title} footer={<Button onClick={onClose}>{close}</Button>}>
      <ul aria-label={label} className="grid gap-2">
        {refusals.map(({ id, problem }) => (
          <li key={id} className="grid gap-0.5">
            <code className="font-mono text-xs break-all">{id}</code>
            <span className="text-sm text-text-2">{inLanguage(problem.detail, lang)}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
