/** The bar on top of the window: the sidebar's switch, and the way back and forward. */
import { ArrowLeft, ArrowRight, PanelLeft } from 'lucide-react'
import { useEffect } from 'react'
import { NavigationType, useLocation, useNavigate, useNavigationType } from 'react-router'
import { create } from 'zustand'

import { usePreferences } from '~/lib/preferences'
import { words } from '~/lib/words'
import { IconButton } from '~/ui/IconButton'

/** How far forward one can go: a new page cuts off what lay ahead. */
const useFurthest = create<{ index: number }>(() => ({ index: 0 }))

function useWay(): { back: boolean; forward: boolean } {
  const { key } = useLocation()
  const type = useNavigationType()
  // React Router numbers its entries in the history's state; the first one is 0.
  const index = (window.history.state as { idx?: number } | null)?.idx ?? 0
  const furthest = useFurthest((state) => state.index)
  useEffect(() => {
    useFurthest.setState((old) => ({ index: type === NavigationType.Push ? index : Math.max(old.index, index) }))
  }, [index, key, type])
  return { back: index > 0, forward: index < furthest }
}

export function TopBar() {
  const navigate = useNavigate()
  const { back, forward } = useWay()
  const { sidebarWidth, sidebarOpen } = usePreferences()
  return (
    <div className="flex h-10 items-center">
      <div className="flex items-center justify-end gap-1" style={{ width: 70 + sidebarWidth }}>
        <IconButton
          chrome
          label={words.frame.toggleSidebar}
          aria-pressed={sidebarOpen}
          onClick={() => usePreferences.setState({ sidebarOpen: !sidebarOpen })}
        >
          <PanelLeft size={20} strokeWidth={1.75} aria-hidden />
        </IconButton>
        <IconButton chrome label={words.frame.back} disabled={!back} onClick={() => void navigate(-1)}>
          <ArrowLeft size={20} strokeWidth={1.75} aria-hidden />
        </IconButton>
        <IconButton chrome label={words.frame.forward} disabled={!forward} onClick={() => void navigate(1)}>
          <ArrowRight size={20} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </div>
    </div>
  )
}
