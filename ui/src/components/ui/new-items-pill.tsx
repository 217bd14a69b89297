import { ArrowUp } from 'lucide-react';
import { Spinner } from './spinner';

type Props = {
  count: number;
  /** How many there are, in words. */
  label: string;
  hint: string;
  onShow: () => void;
  isPending?: boolean;
};

/**
 * Announces new items above a list and shows them on click; until then no row moves. It comes before the card of the
 * list and lies over the card's upper edge, where no text is; it stays below the top bar while the list scrolls.
 */
export function NewItemsPill({ count, label, hint, onShow, isPending }: Props) {
  return (
    <div aria-live="polite" className="pointer-events-none sticky top-[calc(var(--top-bar,48px)+30px)] z-20 flex h-0 justify-center">
      {count > 0 && (
        <button
          type="button"
          onClick={onShow}
          disabled={isPending}
          title={hint}
          className="pointer-events-auto flex h-7 -translate-y-[22px] items-center gap-1.5 rounded-full border border-ink bg-ink px-3 text-xs font-medium text-on-ink"
        >
          {isPending ? <Spinner /> : <ArrowUp aria-hidden className="size-3.5" />}
          {label}
        </button>
      )}
    </div>
  );
}
