/** Which list the sidebar shows: everything, or direct messages only. The tab one last chose, until another is chosen. */
import { useLocation } from 'react-router'
import { create } from 'zustand'

import { pages } from '~/lib/paths'

type View = 'home' | 'dms'

const useChosen = create<{ view: View }>(() => ({ view: 'home' }))

export function chooseView(view: View): void {
  useChosen.setState({ view })
}

export function useSidebarView(): View {
  const { pathname } = useLocation()
  const chosen = useChosen(({ view }) => view)
  if (pathname === pages.directMessages) return 'dms'
  return pathname === pages.client ? 'home' : chosen
}
