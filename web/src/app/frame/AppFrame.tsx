/** The frame: top bar 40, rail 70, and the card inset 4 at the right and bottom; on small windows one pane at a time. */
import { clsx } from 'clsx'
import type { ReactNode } from 'react'

import { usePreferences } from '~/lib/preferences'

import { MobileTabs } from './MobileTabs'
import { ResizeHandle } from './ResizeHandle'

export type Shows = 'list' | 'primary'

interface AppFrameProps {
  topBar: ReactNode
  rail: ReactNode
  banner?: ReactNode
  sidebar: ReactNode
  /** Which of the two panes a small window shows. */
  shows: Shows
  children: ReactNode
}

export function AppFrame({ topBar, rail, banner, sidebar, shows, children }: AppFrameProps) {
  const { sidebarWidth, sidebarOpen } = usePreferences()
  return (
    <div data-frame className="flex h-dvh flex-col bg-(image:--window) pane:grid pane:grid-cols-[70px_minmax(0,1fr)] pane:grid-rows-[40px_minmax(0,1fr)]">
      <div data-top-bar className="hidden h-10 pane:col-span-2 pane:block">
        {topBar}
      </div>
      <div data-rail className="hidden w-[70px] pane:block">
        {rail}
      </div>
      <div
        data-card
        className="relative flex min-h-0 flex-1 flex-col overflow-hidden pane:mr-1 pane:mb-1 pane:rounded-xl pane:border pane:border-line-frame pane:shadow-2"
      >
        {banner}
        <div className="flex min-h-0 flex-1">
          <div
            data-sidebar
            className={clsx('relative min-h-0 w-full shrink-0 bg-sidebar pane:w-(--sidebar-width)', shows === 'list' ? 'block' : 'hidden', sidebarOpen ? 'pane:block' : 'pane:hidden')}
            style={{ '--sidebar-width': `min(${sidebarWidth}px, 40vw)` } as React.CSSProperties}
          >
            {sidebar}
            <div className="pointer-events-none absolute inset-y-0 right-0 hidden w-px bg-chrome-line pane:block" />
            <ResizeHandle />
          </div>
          <div data-primary className={clsx('relative min-h-0 min-w-0 flex-1 flex-col bg-bg pane:flex', shows === 'primary' ? 'flex' : 'hidden')}>
            {children}
          </div>
        </div>
      </div>
      <MobileTabs hidden={shows === 'primary'} />
    </div>
  )
}
