/** The strip on the sidebar's edge: drag it, double-click it, or use the arrow keys. */
import type { KeyboardEvent, PointerEvent } from 'react'

import { setSidebarWidth, SIDEBAR, usePreferences } from '~/lib/preferences'
import { words } from '~/lib/words'

const STEP = 16

export function ResizeHandle() {
  const width = usePreferences((preferences) => preferences.sidebarWidth)

  function onPointerDown(event: PointerEvent<HTMLDivElement>): void {
    const { currentTarget, pointerId, clientX } = event
    currentTarget.setPointerCapture(pointerId)
    const move = (next: globalThis.PointerEvent) => setSidebarWidth(width + next.clientX - clientX)
    currentTarget.addEventListener('pointermove', move)
    currentTarget.addEventListener('lostpointercapture', () => currentTarget.removeEventListener('pointermove', move), { once: true })
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'ArrowLeft') setSidebarWidth(width - STEP)
    else if (event.key === 'ArrowRight') setSidebarWidth(width + STEP)
    else return
    event.preventDefault()
  }

  return (
    // A separator with a value is a widget in ARIA, which the rules below do not know.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={words.frame.resizeSidebar}
      aria-valuenow={width}
      aria-valuemin={SIDEBAR.min}
      aria-valuemax={SIDEBAR.max}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onPointerDown={onPointerDown}
      onDoubleClick={() => setSidebarWidth(SIDEBAR.default)}
      onKeyDown={onKeyDown}
      className="absolute inset-y-0 -right-1 z-[1000] hidden w-2 cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-[3px] after:w-0.5 hover:after:bg-focus active:after:bg-focus pane:block"
    />
  )
}
