/** Preferences of this device: colour mode, sidebar, what is folded. Kept in local storage. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'

export type ColourMode = 'light' | 'dark' | 'system'

export const SIDEBAR = { default: 260, min: 200, max: 480 }

interface Preferences {
  sidebarWidth: number
  sidebarOpen: boolean
  folded: Readonly<Record<string, boolean>>
  lastConversation: string | null
}

export const usePreferences = create<Preferences>()(
  persist<Preferences>(() => ({ sidebarWidth: SIDEBAR.default, sidebarOpen: true, folded: {}, lastConversation: null }), {
    name: 'confab.preferences',
  }),
)

export function setSidebarWidth(width: number): void {
  usePreferences.setState({ sidebarWidth: Math.round(Math.min(SIDEBAR.max, Math.max(SIDEBAR.min, width))) })
}

export function toggleSection(section: string): void {
  usePreferences.setState(({ folded }) => ({ folded: { ...folded, [section]: !folded[section] } }))
}

// Its own key, because `colour-mode.js` reads it before anything else runs.
const MODE_KEY = 'confab.colour-mode'

interface Mode {
  mode: ColourMode
}

export const useColourMode = create<Mode>(() => ({ mode: (localStorage.getItem(MODE_KEY) as ColourMode | null) ?? 'system' }))

export function setColourMode(mode: ColourMode): void {
  localStorage.setItem(MODE_KEY, mode)
  useColourMode.setState({ mode })
  paintColourMode()
}

export function paintColourMode(): void {
  const { mode } = useColourMode.getState()
  const dark = mode === 'dark' || (mode === 'system' && window.matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
}

/** Follows the system while the mode is "system". */
export function followSystemColours(): void {
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paintColourMode)
}
