/** A pill over the sidebar while something unread is scrolled out of sight; a click brings it in. */
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'

import { words } from '~/lib/words'

interface Hidden {
  above: HTMLElement | null
  below: HTMLElement | null
}

/** The nearest unread rows outside the visible part. */
function hiddenIn(list: HTMLElement): Hidden {
  const frame = list.getBoundingClientRect()
  const rows = [...list.querySelectorAll<HTMLElement>('[data-unread=true]')]
  return {
    above: rows.findLast((row) => row.getBoundingClientRect().bottom <= frame.top) ?? null,
    below: rows.find((row) => row.getBoundingClientRect().top >= frame.bottom) ?? null,
  }
}

/** `changed` is whatever makes rows come, go or turn bold. */
export function MoreUnread({ list, changed }: { list: RefObject<HTMLElement | null>; changed: unknown }) {
  const [hidden, setHidden] = useState<Hidden>({ above: null, below: null })
  useEffect(() => {
    const element = list.current
    if (!element) return
    const look = () => {
      const next = hiddenIn(element)
      setHidden((old) => (old.above === next.above && old.below === next.below ? old : next))
    }
    look()
    const resized = new ResizeObserver(look)
    resized.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      resized.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [list, changed])
  return (
    <>
      {hidden.above && <Pill row={hidden.above} place="top-2" icon={ArrowUp} />}
      {hidden.below && <Pill row={hidden.below} place="bottom-3" icon={ArrowDown} />}
    </>
  )
}

function Pill({ row, place, icon: Icon }: { row: HTMLElement; place: string; icon: typeof ArrowUp }) {
  return (
    <button
      type="button"
      onClick={() => row.scrollIntoView({ block: 'center' })}
      className={`absolute left-1/2 flex h-[30px] -translate-x-1/2 items-center gap-1.5 rounded-[15px] border border-chrome-line bg-window px-3 text-caption font-bold whitespace-nowrap text-chrome-strong shadow-2 ${place}`}
    >
      <Icon size={14} aria-hidden />
      {words.sidebar.unreadMessages}
    </button>
  )
}
