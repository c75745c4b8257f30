/** Scrolling of the list: where it opens, when it stays at the end, what is in view. */
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { CacheSnapshot, VirtualizerHandle } from 'virtua'

import type { ConversationId } from '~/api/types'

import { newLineAt, type Row } from './rows'

/** Within this many pixels of the end, the end is kept in sight. */
const END_WITHIN = 100

/** Where the floating pill sits below the list's top, and where a pill sits in its row. */
const PILL_TOP = 8
const PILL_IN_ROW = 13

export interface View {
  atEnd: boolean
  /** More than one viewport away from the end. */
  farFromEnd: boolean
  /** The row at the top of the viewport. */
  first: number
  /** The day's own pill has scrolled away: it floats at the top. */
  floats: boolean
}

interface Place {
  offset: number
  sizes: CacheSnapshot
  rows: number
}

/** Where each conversation was left in this session. */
const places = new Map<ConversationId, Place>()

export function placeOf(id: ConversationId, rows: number): Place | undefined {
  const place = places.get(id)
  return place?.rows === rows ? place : undefined
}

export function useScroll(id: ConversationId, rows: readonly Row[], list: RefObject<VirtualizerHandle | null>, onNearTop: () => void) {
  const [view, setView] = useState<View>({ atEnd: true, farFromEnd: false, first: 0, floats: false })
  const sticks = useRef(true)
  const lastOffset = useRef(0)
  const opened = useRef(false)

  const toEnd = useCallback(() => {
    sticks.current = true
    list.current?.scrollToIndex(rows.length - 1, { align: 'end' })
  }, [list, rows.length])

  const observe = useCallback(() => {
    const handle = list.current
    if (!handle) return
    const next = look(handle, rows)
    if (handle.scrollOffset < 2 * handle.viewportSize) onNearTop()
    setView((old) => (Object.keys(next) as (keyof View)[]).every((key) => old[key] === next[key]) ? old : next)
    return next
  }, [list, onNearTop, rows])

  // Only going up lets go of the end: rows that are not measured yet may put it out of reach for a moment.
  const onScroll = useCallback(
    (offset: number) => {
      if (observe()?.atEnd) sticks.current = true
      else if (offset < lastOffset.current) sticks.current = false
      lastOffset.current = offset
    },
    [observe],
  )

  useLayoutEffect(() => {
    const handle = list.current
    if (!handle || rows.length === 0) return
    if (!opened.current) {
      opened.current = true
      sticks.current = !openedElsewhere(handle, id, rows)
      if (sticks.current) toEnd()
    } else if (sticks.current || isMineUnderWay(rows.at(-1))) toEnd()
    observe()
  }, [id, list, observe, rows, toEnd])

  useKeptPlace(id, rows.length, list, sticks)

  const onResize = useCallback(() => {
    if (sticks.current) toEnd()
    observe()
  }, [observe, toEnd])

  return { view, toEnd, onScroll, onResize }
}

/** Opens at the New line, or where one was; tells whether there was such a place. */
function openedElsewhere(handle: VirtualizerHandle, id: ConversationId, rows: readonly Row[]): boolean {
  const fresh = newLineAt(rows)
  const place = placeOf(id, rows.length)
  if (fresh >= 0) handle.scrollToIndex(Math.max(0, fresh - 2), { align: 'start' })
  else if (place) handle.scrollTo(place.offset)
  return fresh >= 0 || place !== undefined
}

function look(handle: VirtualizerHandle, rows: readonly Row[]): View {
  const below = handle.scrollSize - handle.scrollOffset - handle.viewportSize
  const first = handle.findItemIndex(handle.scrollOffset + PILL_TOP)
  return {
    atEnd: below <= END_WITHIN,
    farFromEnd: below > handle.viewportSize,
    first,
    floats: floatsAt(rows[first], handle.scrollOffset - handle.getItemOffset(first)),
  }
}

/** A day's row lets its pill go as soon as that would leave its place at the top. */
function floatsAt(row: Row | undefined, passed: number): boolean {
  if (row?.kind === 'day') return passed > PILL_IN_ROW - PILL_TOP
  return row?.kind === 'message' || row?.kind === 'new'
}

function isMineUnderWay(row: Row | undefined): boolean {
  return row?.kind === 'message' && row.entry.delivery === 'pending'
}

/** Remembers where one was when one leaves; at the end there is nothing to remember. */
function useKeptPlace(id: ConversationId, rows: number, list: RefObject<VirtualizerHandle | null>, atEnd: RefObject<boolean>): void {
  useLayoutEffect(() => {
    const handle = list.current
    return () => {
      if (!handle) return
      // Neither ref is a node: what they hold on leaving is what counts.
      // eslint-disable-next-line react-hooks/exhaustive-deps
      if (atEnd.current) places.delete(id)
      else places.set(id, { offset: handle.scrollOffset, sizes: handle.cache, rows })
    }
  }, [id, rows, list, atEnd])
}

/** Older rows came in before the first one: the list must keep what is in view where it is. */
export function wasPrepended(old: readonly Row[], fresh: readonly Row[]): boolean {
  const first = old.find((row) => row.kind === 'message')?.key
  const now = fresh.find((row) => row.kind === 'message')?.key
  return first !== undefined && first !== now && fresh.some((row) => row.key === first)
}
