/** The frame before anything is known: painted at once, never a blank page. */
import { useEffect, useState } from 'react'

import { words } from '~/lib/words'
import { Button } from '~/ui/Button'
import { MessageSkeleton, SidebarSkeleton } from '~/ui/states'

const SLOW_AFTER_MS = 8_000

export function BootFrame() {
  return (
    <div className="flex h-dvh flex-col bg-(image:--window) pane:grid pane:grid-cols-[70px_minmax(0,1fr)] pane:grid-rows-[40px_minmax(0,1fr)]">
      <div className="hidden pane:col-span-2 pane:block" />
      <div className="hidden pane:block" />
      <div className="flex min-h-0 flex-1 overflow-hidden pane:mr-1 pane:mb-1 pane:rounded-xl pane:border pane:border-line-frame pane:shadow-2">
        <div className="w-full bg-sidebar pt-[49px] pane:w-[260px]">
          <SidebarSkeleton label={words.frame.loading} />
        </div>
        <div className="hidden flex-1 flex-col justify-end bg-bg pb-28 pane:flex">
          <PanePending />
        </div>
      </div>
    </div>
  )
}

/** Skeletons; after a while, a way out. */
export function PanePending() {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="flex min-h-0 flex-1 flex-col justify-end overflow-hidden">
      {slow && (
        <p role="status" className="flex items-center justify-center gap-3 p-4 text-caption text-fg-2">
          {words.frame.stillLoading}
          <Button size={28} onClick={() => window.location.reload()}>
            {words.actions.reload}
          </Button>
        </p>
      )}
      <MessageSkeleton rows={6} label={words.frame.loading} />
    </div>
  )
}
