/** Keyboard in the list: one tab stop, arrows move from message to message, Enter goes inside, Escape comes back. */
import { type KeyboardEvent, type RefObject, useState } from 'react'
import { flushSync } from 'react-dom'
import type { VirtualizerHandle } from 'virtua'

import type { Row } from './rows'

export function useRowFocus(rows: readonly Row[], list: RefObject<VirtualizerHandle | null>) {
  const [key, setKey] = useState<string | null>(null)
  const messages = rows.flatMap((row, index) => (row.kind === 'message' ? [{ key: row.key, index }] : []))
  const at = key === null ? -1 : messages.findIndex((message) => message.key === key)
  const current = messages[at < 0 ? messages.length - 1 : at]

  function focusRow(container: HTMLElement, place: number): void {
    const next = messages[Math.min(messages.length - 1, Math.max(0, place))]
    if (!next) return
    flushSync(() => setKey(next.key))
    list.current?.scrollToIndex(next.index, { align: 'nearest' })
    const row = container.querySelector<HTMLElement>(`[data-message="${CSS.escape(next.key)}"]`)
    row?.focus({ preventScroll: true })
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-message]')
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return
    const onRow = event.target === row
    const from = messages.findIndex((message) => message.key === row.dataset.message)
    const moves: Record<string, number> = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: messages.length - 1 }
    const move = moves[event.key]
    if (onRow && move !== undefined) focusRow(event.currentTarget, move)
    else if (onRow && (event.key === 'Enter' || event.key === 'ArrowRight')) row.querySelector<HTMLElement>('a, button')?.focus()
    else if (!onRow && event.key === 'Escape') row.focus()
    else return
    event.preventDefault()
  }

  return { focusKey: current?.key ?? null, keep: at >= 0 && current ? [current.index] : [], onKeyDown }
}
