/** What stands between messages: days, the New line, the beginning, and the row that loads what came before. */
import { clsx } from 'clsx'

import { dayInWords } from '~/lib/dates'
import { words } from '~/lib/words'
import { MessageSkeleton } from '~/ui/states'

export function DayPill({ at, floating = false }: { at: string; floating?: boolean }) {
  return (
    <span
      data-day-pill={floating ? 'floating' : 'inline'}
      className="inline-flex h-[30px] items-center rounded-full border border-line bg-bg px-4 text-caption font-bold text-strong shadow-1"
    >
      {dayInWords(at)}
    </span>
  )
}

/** The line carries the day in the middle; when new messages begin with the day, it is red and says so. */
export function DayDivider({ at, isNew, ghost, pillAway }: { at: string; isNew: boolean; ghost: boolean; pillAway: boolean }) {
  return (
    <div role="listitem" data-day-divider className="relative h-[49px] text-center" aria-roledescription="separator">
      <div className={clsx('absolute inset-x-0 top-7 h-px', isNew ? 'bg-danger' : 'bg-line', isNew && ghost && 'opacity-40')} />
      <span className={clsx('relative top-[13px] inline-block h-[30px]', pillAway && 'invisible')}>
        <DayPill at={at} />
      </span>
      {isNew && <NewLabel ghost={ghost} className="top-[19px]" />}
    </div>
  )
}

export function NewDivider({ ghost }: { ghost: boolean }) {
  return (
    <div role="listitem" className="relative h-[18px]" aria-roledescription="separator">
      <div className={clsx('absolute inset-x-0 top-[9px] h-px bg-danger', ghost && 'opacity-40')} />
      <NewLabel ghost={ghost} className="top-0" />
    </div>
  )
}

function NewLabel({ ghost, className }: { ghost: boolean; className: string }) {
  return (
    <span data-new-line className={clsx('absolute right-0 bg-bg pr-5 pl-2 text-caption font-bold text-danger-text', ghost && 'opacity-40', className)}>
      {words.timeline.fresh}
    </span>
  )
}

export function OlderRow({ failed, onRetry }: { failed: boolean; onRetry: () => void }) {
  if (!failed) return <MessageSkeleton rows={3} label={words.timeline.loadingOlder} />
  return (
    <p role="alert" className="px-5 py-4 text-center text-caption text-fg-2">
      {words.timeline.olderFailed}{' '}
      <button type="button" className="font-bold text-link hover:underline" onClick={onRetry}>
        {words.actions.retry}
      </button>
    </p>
  )
}
