/** The mark: three runs of a strip, the last one still on its way. */
export function Brand() {
  return (
    <span className="flex items-center gap-2 px-2 py-1 text-sm font-semibold">
      <svg aria-hidden viewBox="0 0 20 20" className="size-5">
        <rect width="20" height="20" rx="5" className="fill-ink" />
        <g className="fill-on-ink">
          <rect x="4.5" y="9" width="2.5" height="6.5" rx="1" opacity="0.6" />
          <rect x="8.75" y="4.5" width="2.5" height="11" rx="1" />
          <rect x="13" y="7" width="2.5" height="8.5" rx="1" opacity="0.6" />
        </g>
      </svg>
      multi-job
    </span>
  );
}
