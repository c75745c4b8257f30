/** The bar on top of the window: the sidebar's switch, and the way back and forward. */
import { ArrowLeft, ArrowRight, PanelLeft } from 'lucide-react'
import { useLocation, useNavigate } from 'react-router'

import { usePreferences } from '~/lib/preferences'
import { words } from '~/lib/words'
import { IconButton } from '~/ui/IconButton'

export function TopBar() {
  const navigate = useNavigate()
  const { sidebarWidth, sidebarOpen } = usePreferences()
  const { key } = useLocation()
  // React Router numbers its entries in the history's state; the first one is 0.
  const index = (window.history.state as { idx?: number } | null)?.idx ?? 0
  return (
    <div className="flex h-10 items-center" data-location={key}>
      <div className="flex items-center justify-end gap-1" style={{ width: 70 + sidebarWidth }}>
        <IconButton
          chrome
          label={words.frame.toggleSidebar}
          aria-pressed={sidebarOpen}
          onClick={() => usePreferences.setState({ sidebarOpen: !sidebarOpen })}
        >
          <PanelLeft size={20} strokeWidth={1.75} aria-hidden />
        </IconButton>
        <IconButton chrome label={words.frame.back} disabled={index === 0} onClick={() => void navigate(-1)}>
          <ArrowLeft size={20} strokeWidth={1.75} aria-hidden />
        </IconButton>
        <IconButton chrome label={words.frame.forward} disabled={index >= window.history.length - 1} onClick={() => void navigate(1)}>
          <ArrowRight size={20} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </div>
    </div>
  )
}
