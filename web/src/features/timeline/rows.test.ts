/** Grouping, date dividers and the New line. */
import { describe, expect, it } from 'vitest'

import type { Entry, Timeline } from './apply-delta'
import { buildRows, dayAt, newLineAt, type Row } from './rows'

const noon = new Date(2026, 0, 5, 12, 0, 0).getTime()
const minutes = (count: number) => count * 60_000
const day = minutes(24 * 60)

function entry(position: number, author: string, at: number): Entry {
  return { id: `m${position}`, conversation: 'c', author, position, text: '', posted_at: new Date(at).toISOString(), reply_count: 0, reactions: [], files: [] }
}

function rows(entries: Entry[], newAfter: number | null = null, more: Partial<Timeline> = {}): Row[] {
  return buildRows({ entries, before: null, whole: true, ...more }, { me: 'ann', newAfter })
}

const shape = (list: Row[]) => list.map((row) => (row.kind === 'message' ? (row.compact ? 'compact' : 'full') : row.kind === 'day' && row.isNew ? 'day+new' : row.kind))

describe('buildRows', () => {
  it('messages of one author within five minutes are one group', () => {
    expect(shape(rows([entry(1, 'bo', noon), entry(2, 'bo', noon + minutes(4.9)), entry(3, 'bo', noon + minutes(9.8))]))).toEqual(['start', 'day', 'full', 'compact', 'compact'])
  })

  it('five minutes, another author and another day each begin a new one', () => {
    expect(shape(rows([entry(1, 'bo', noon), entry(2, 'bo', noon + minutes(5))]))).toEqual(['start', 'day', 'full', 'full'])
    expect(shape(rows([entry(1, 'bo', noon), entry(2, 'cy', noon + 1)]))).toEqual(['start', 'day', 'full', 'full'])
    const late = new Date(2026, 0, 5, 23, 59, 0).getTime()
    expect(shape(rows([entry(1, 'bo', late), entry(2, 'bo', late + minutes(2))]))).toEqual(['start', 'day', 'full', 'day', 'full'])
  })

  it('the New line comes before the first unread message of another person and ends the group', () => {
    const list = rows([entry(1, 'bo', noon), entry(2, 'bo', noon + 1), entry(3, 'ann', noon + 2), entry(4, 'bo', noon + 3)], 1)
    expect(shape(list)).toEqual(['start', 'day', 'full', 'new', 'full', 'full', 'full'])
    expect(newLineAt(list)).toBe(3)
  })

  it('my own messages are never new', () => {
    expect(newLineAt(rows([entry(1, 'bo', noon), entry(2, 'ann', noon + 1)], 1))).toBe(-1)
  })

  it('where a day begins with the new messages, its line is theirs', () => {
    const list = rows([entry(1, 'bo', noon - day), entry(2, 'bo', noon)], 1)
    expect(shape(list)).toEqual(['start', 'day', 'full', 'day+new', 'full'])
    expect(newLineAt(list)).toBe(3)
  })

  it('A06 with more to fetch, the list begins with the row that fetches it', () => {
    expect(shape(rows([entry(9, 'bo', noon)], null, { before: 9 }))[0]).toBe('older')
  })

  it('every row has its own key', () => {
    const keys = rows([entry(1, 'bo', noon), entry(2, 'bo', noon - day), entry(3, 'bo', noon)], 1).map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('a row belongs to the day above it', () => {
    const list = rows([entry(1, 'bo', noon - day), entry(2, 'bo', noon)])
    expect(dayAt(list, 2)).toBe(new Date(noon - day).toISOString())
    expect(dayAt(list, 4)).toBe(new Date(noon).toISOString())
    expect(dayAt(list, 0)).toBe(new Date(noon - day).toISOString())
  })
})
