/** One message: full with avatar and name, or compact when it goes on from the one above. */
import { clsx } from 'clsx'
import { CircleAlert } from 'lucide-react'
import { memo } from 'react'

import { fullTime, shortTime, timeOfDay } from '~/lib/dates'
import { words } from '~/lib/words'
import { Avatar } from '~/ui/Avatar'

import type { Entry } from './apply-delta'
import { MessageText } from './MessageText'

export interface MessageRowProps {
  entry: Entry
  author: string
  compact: boolean
  /** Its place in the list, from 1, and how long the list is. */
  place: number
  total: number
  /** One row of the list can be reached with Tab; arrows move on from there. */
  focusable: boolean
  onRetry: (id: string) => void
  onDiscard: (id: string) => void
}

function stateOf({ delivery }: Entry): string {
  if (delivery === 'pending') return words.timeline.sending
  return delivery === 'failed' ? words.timeline.failed : ''
}

export const MessageRow = memo(function MessageRow({ entry, author, compact, place, total, focusable, onRetry, onDiscard }: MessageRowProps) {
  const failed = entry.delivery === 'failed'
  return (
    <div
      data-message={entry.id}
      data-delivery={entry.delivery ?? 'sent'}
      data-compact={compact}
      role="listitem"
      // The list is one tab stop: its rows take the focus from the arrow keys.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={focusable ? 0 : -1}
      aria-posinset={place}
      aria-setsize={total}
      aria-label={words.timeline.messageLabel(author, timeOfDay(entry.posted_at), entry.text, stateOf(entry))}
      className={clsx('group flex gap-2 px-5 -outline-offset-2 focus-within:bg-bg-2 hover:bg-bg-2 focus-visible:shadow-[inset_0_0_0_2px_var(--focus)]', compact ? 'py-1' : 'py-2')}
    >
      <div className="relative w-9 shrink-0">
        {compact ? <GutterTime at={entry.posted_at} /> : <Avatar id={entry.author} name={author} size={36} />}
        {failed && <CircleAlert size={16} aria-hidden className="absolute top-0 -left-[18px] text-danger" />}
      </div>
      <div className="min-w-0 flex-1">
        {!compact && <NameLine author={author} at={entry.posted_at} />}
        <div
          dir="auto"
          className={clsx('text-body break-words whitespace-pre-wrap [overflow-wrap:anywhere]', entry.delivery === 'pending' && 'unsent', failed && 'text-danger-text')}
        >
          <MessageText text={entry.text} />
          {entry.edited_at && <span className="ml-1 text-micro text-fg-2">{words.timeline.edited}</span>}
        </div>
        {failed && <FailedLine onRetry={() => onRetry(entry.id)} onDiscard={() => onDiscard(entry.id)} />}
      </div>
    </div>
  )
})

function NameLine({ author, at }: { author: string; at: string }) {
  return (
    <div className="flex h-[18px] items-baseline gap-2">
      <span className="truncate text-body leading-[18px] font-black text-strong">{author}</span>
      <time dateTime={at} title={fullTime(at)} className="shrink-0 text-micro text-fg-2">
        {timeOfDay(at)}
      </time>
    </div>
  )
}

function GutterTime({ at }: { at: string }) {
  return (
    <time
      dateTime={at}
      title={fullTime(at)}
      className="block text-right text-micro leading-[22px] text-fg-2 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
    >
      {shortTime(at)}
    </time>
  )
}

function FailedLine({ onRetry, onDiscard }: { onRetry: () => void; onDiscard: () => void }) {
  return (
    <p className="text-caption text-fg-2">
      {words.timeline.sendFailed}{' '}
      <button type="button" className="font-bold text-link hover:underline" onClick={onRetry}>
        {words.actions.tryAgain}
      </button>
      {' · '}
      <button type="button" className="font-bold text-link hover:underline" onClick={onDiscard}>
        {words.actions.delete}
      </button>
    </p>
  )
}
