/** Turns entries into the rows of the list: grouping, date dividers, the New line. Pure. */
import type { Position, UserId } from '~/api/types'
import { dayOf } from '~/lib/dates'

import type { Entry, Timeline } from './apply-delta'

export type Row =
  | { kind: 'start'; key: string }
  | { kind: 'older'; key: string }
  | { kind: 'day'; key: string; at: string; isNew: boolean }
  | { kind: 'new'; key: string }
  | { kind: 'message'; key: string; entry: Entry; compact: boolean }

/** Messages by one author closer together than this, in milliseconds, read as one. */
const GROUP_WITHIN_MS = 5 * 60_000

export interface RowOptions {
  me: UserId
  /** The New line comes before the first message of another person after this position; nothing: no line. */
  newAfter: Position | null
}

export function buildRows(timeline: Timeline, { me, newAfter }: RowOptions): Row[] {
  const rows: Row[] = [timeline.before ? { kind: 'older', key: 'older' } : { kind: 'start', key: 'start' }]
  let previous: Entry | null = null
  let newShown = newAfter === null
  for (const entry of timeline.entries) {
    const isNew = !newShown && newAfter !== null && entry.author !== me && (entry.position ?? 0) > newAfter
    if (isNew) newShown = true
    const day = dayOf(entry.posted_at)
    const newDay = previous === null || dayOf(previous.posted_at) !== day
    if (newDay) rows.push({ kind: 'day', key: `day-${day}-${entry.id}`, at: entry.posted_at, isNew })
    else if (isNew) rows.push({ kind: 'new', key: 'new' })
    const compact = !newDay && !isNew && previous !== null && groups(previous, entry)
    rows.push({ kind: 'message', key: entry.id, entry, compact })
    previous = entry
  }
  return rows
}

function groups(previous: Entry, entry: Entry): boolean {
  if (previous.author !== entry.author) return false
  return Date.parse(entry.posted_at) - Date.parse(previous.posted_at) < GROUP_WITHIN_MS
}

/** Where the New line stands, or -1. */
export function newLineAt(rows: readonly Row[]): number {
  return rows.findIndex((row) => row.kind === 'new' || (row.kind === 'day' && row.isNew))
}

/** The day that the row belongs to: its label floats at the top of the list. */
export function dayAt(rows: readonly Row[], index: number): string | null {
  for (let row = rows[index]; row; row = rows[--index]) if (row.kind === 'day') return row.at
  const first = rows.find((row) => row.kind === 'day')
  return first?.kind === 'day' ? first.at : null
}
