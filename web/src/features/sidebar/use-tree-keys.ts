/** Keyboard of the sidebar tree: arrows, Home, End and the first letters of a name move the focus. */
import { type FocusEvent, type KeyboardEvent, useRef, useState } from 'react'

const TYPE_AHEAD_MS = 700

export function useTreeKeys(current: string | null) {
  const [focused, setFocused] = useState<string | null>(null)
  const typed = useRef({ text: '', at: 0 })

  function onFocus(event: FocusEvent<HTMLElement>): void {
    const item = event.target.closest<HTMLElement>('[role=treeitem]')
    if (item?.dataset.item) setFocused(item.dataset.item)
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const target = event.target as HTMLElement
    if (target.role !== 'treeitem' || event.ctrlKey || event.metaKey || event.altKey) return
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=treeitem]')]
    const next = destination(event.key, target, items) ?? typeAhead(event.key, target, items)
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      ;(target.querySelector<HTMLElement>('[data-toggle]') ?? target).click()
    } else if (next) {
      event.preventDefault()
      next.focus()
    }
  }

  function typeAhead(key: string, from: HTMLElement, items: HTMLElement[]): HTMLElement | undefined {
    if (key.length !== 1 || key === ' ') return undefined
    const now = Date.now()
    typed.current = { text: (now - typed.current.at < TYPE_AHEAD_MS ? typed.current.text : '') + key.toLowerCase(), at: now }
    const start = items.indexOf(from) + (typed.current.text.length === 1 ? 1 : 0)
    const ahead = [...items.slice(start), ...items.slice(0, start)]
    return ahead.find((item) => item.getAttribute('aria-label')?.toLowerCase().startsWith(typed.current.text))
  }

  return { onFocus, onKeyDown, stop: focused ?? current }
}

function destination(key: string, from: HTMLElement, items: HTMLElement[]): HTMLElement | null | undefined {
  const at = items.indexOf(from)
  const expanded = from.getAttribute('aria-expanded')
  switch (key) {
    case 'ArrowDown':
      return items[at + 1]
    case 'ArrowUp':
      return items[at - 1]
    case 'Home':
      return items[0]
    case 'End':
      return items.at(-1)
    case 'ArrowRight':
      if (expanded === 'false') from.querySelector<HTMLElement>('[data-toggle]')?.click()
      return expanded === 'true' ? items[at + 1] : null
    case 'ArrowLeft':
      if (expanded === 'true') from.querySelector<HTMLElement>('[data-toggle]')?.click()
      return expanded === null ? from.parentElement?.closest<HTMLElement>('[role=treeitem]') : null
    default:
      return undefined
  }
}
