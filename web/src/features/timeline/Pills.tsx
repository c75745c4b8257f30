/** The pills over the list: new messages above, the way back to the end below. */
import { clsx } from 'clsx'
import { ArrowDown, ArrowUp, X } from 'lucide-react'

import { timeOfDay } from '~/lib/dates'
import { words } from '~/lib/words'

interface UnreadBannerProps {
  count: number
  since: string
  onJump: () => void
  onMarkRead: () => void
}

export function UnreadBanner({ count, since, onJump, onMarkRead }: UnreadBannerProps) {
  return (
    <div className="absolute top-2 left-1/2 z-[199] flex h-7 -translate-x-1/2 items-center rounded-full bg-[#1264a3] text-caption font-bold whitespace-nowrap text-white shadow-2">
      <button type="button" onClick={onJump} className="flex h-7 items-center gap-1 rounded-l-full pr-2 pl-3">
        <ArrowUp size={14} aria-hidden />
        {words.timeline.newSince(count, timeOfDay(since))}
      </button>
      <button type="button" onClick={onMarkRead} className="flex h-7 items-center gap-1 rounded-r-full border-l border-white/30 pr-3 pl-2">
        {words.timeline.markAsRead}
        <X size={14} aria-hidden />
      </button>
    </div>
  )
}

export function LatestPill({ fresh, onJump }: { fresh: number; onJump: () => void }) {
  return (
    <button
      type="button"
      onClick={onJump}
      className={clsx(
        'absolute bottom-3 left-1/2 z-[199] flex h-7 -translate-x-1/2 items-center gap-1 rounded-full px-3 text-caption font-bold whitespace-nowrap shadow-2',
        fresh > 0 ? 'bg-[#1264a3] text-white' : 'border border-line bg-bg text-strong',
      )}
    >
      <ArrowDown size={14} aria-hidden />
      {fresh > 0 ? words.timeline.newMessages(fresh) : words.timeline.latest}
    </button>
  )
}
