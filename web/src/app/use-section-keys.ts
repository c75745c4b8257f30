/** F6 goes from part to part of the window, Shift+F6 back; each part remembers where the focus was. */
import { useEffect } from 'react'

const SECTIONS = ['[data-rail]', '[data-sidebar]', '[data-conversation-header]', '[data-message-list]', '[data-composer]']
const FOCUSABLE = 'a[href]:not([tabindex="-1"]), button:not(:disabled):not([tabindex="-1"]), textarea, input, [tabindex="0"]'

export function useSectionKeys(): void {
  useEffect(() => {
    const last = new Map<Element, HTMLElement>()

    function onKeyDown(event: KeyboardEvent): void {
      if (event.key !== 'F6') return
      const sections = SECTIONS.flatMap((selector) => [...document.querySelectorAll<HTMLElement>(selector)]).filter((section) => section.offsetParent !== null)
      const from = sections.findIndex((section) => section.contains(document.activeElement))
      const here = sections[from]
      if (here && document.activeElement instanceof HTMLElement) last.set(here, document.activeElement)
      const step = event.shiftKey ? -1 : 1
      for (let count = 1; count <= sections.length; count++) {
        const next = sections[(from + step * count + sections.length * 2) % sections.length]
        const target = next && targetIn(next, last.get(next))
        if (!target) continue
        event.preventDefault()
        return target.focus()
      }
    }

    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

function targetIn(section: HTMLElement, remembered: HTMLElement | undefined): HTMLElement | null {
  if (remembered?.isConnected && section.contains(remembered)) return remembered
  return section.querySelector<HTMLElement>(FOCUSABLE)
}
