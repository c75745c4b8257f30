/** A count in a lilac pill, 99+ at most. */
export function Badge({ count }: { count: number }) {
  return (
    <span
      data-badge
      aria-hidden
      className="inline-flex h-[18px] shrink-0 items-center rounded-[10px] bg-badge px-[9px] text-caption font-bold text-badge-fg tabular-nums"
    >
      {count > 99 ? '99+' : count}
    </span>
  )
}
