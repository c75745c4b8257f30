/** The laws of `applyDelta`: applying twice changes nothing, order of arrival does not matter, what is confirmed stays confirmed. */
import { describe, expect, it } from 'vitest'

import type { Pending } from '~/api/realtime/session-state'
import type { Message } from '~/api/types'

import { applyDelta, type Delta, emptyTimeline, type Timeline } from './apply-delta'

const ANN = 'ann'
const BO = 'bo'

function message(position: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${position}`, conversation: 'c', author: BO, position, text: `text ${position}`,
    posted_at: new Date(position * 1000).toISOString(), reply_count: 0, reactions: [], files: [], ...more,
  }
}

function pending(id: string, at = 0): Pending {
  return { id, conversation: 'c', text: `text ${id}`, at, tries: 0, failed: false, waiting: false }
}

const posted = (position: number): Delta => ({ kind: 'message_posted', message: message(position) })
const fold = (deltas: Delta[], from: Timeline = emptyTimeline) => deltas.reduce(applyDelta, from)
const ids = (timeline: Timeline) => timeline.entries.map(({ id }) => id)

describe('applyDelta', () => {
  it('A14 a message delivered twice is there once', () => {
    const once = fold([posted(1), posted(2)])
    expect(fold([posted(2), posted(1)], once)).toEqual(once)
  })

  it('an answer stands in the list only when it was sent there too', () => {
    const alone: Delta = { kind: 'message_posted', message: message(2, { thread: 'm1' }) }
    const both: Delta = { kind: 'message_posted', message: message(3, { thread: 'm1', in_channel: true }) }
    expect(ids(fold([posted(1), alone, both]))).toEqual(['m1', 'm3'])
  })

  it('every delta applied a second time changes nothing', () => {
    const page = { items: [message(5), message(6)], before: 5 }
    const deltas: Delta[] = [
      { kind: 'newest_page', page },
      { kind: 'older_page', page: { items: [message(3), message(4)], before: 3 } },
      posted(7),
      { kind: 'message_queued', message: pending('mine'), author: ANN },
      { kind: 'message_failed', message: pending('mine'), author: ANN },
      { kind: 'message_sent', id: 'mine', position: 8 },
      { kind: 'message_discarded', id: 'mine' },
      { kind: 'trimmed', keep: 500 },
    ]
    let timeline = emptyTimeline
    for (const delta of deltas) {
      timeline = applyDelta(timeline, delta)
      expect(applyDelta(timeline, delta)).toEqual(timeline)
    }
    expect(ids(timeline)).toEqual(['m3', 'm4', 'm5', 'm6', 'm7', 'mine'])
  })

  it('C07 D08 any order of arrival gives the order of positions', () => {
    const positions = [1, 2, 3, 4, 5, 6]
    const expected = fold(positions.map(posted))
    for (let seed = 1; seed <= 50; seed++) {
      const shuffled = shuffle(positions, seed)
      expect(fold(shuffled.map(posted)), `seed ${seed}`).toEqual(expected)
    }
  })

  it('B13 the server’s copy replaces the optimistic one in its place', () => {
    const before = fold([posted(1), { kind: 'message_queued', message: pending('mine'), author: ANN }])
    expect(before.entries.at(-1)).toMatchObject({ id: 'mine', position: null, delivery: 'pending', author: ANN })
    const after = applyDelta(before, { kind: 'message_posted', message: message(2, { id: 'mine', author: ANN }) })
    expect(ids(after)).toEqual(['m1', 'mine'])
    expect(after.entries.at(-1)).toMatchObject({ position: 2 })
    expect(after.entries.at(-1)?.delivery).toBeUndefined()
  })

  it('an acknowledgement confirms the message before its event comes, and the event after it changes nothing but the time', () => {
    const acked = fold([{ kind: 'message_queued', message: pending('mine'), author: ANN }, { kind: 'message_sent', id: 'mine', position: 4 }])
    expect(acked.entries).toHaveLength(1)
    expect(acked.entries[0]).toMatchObject({ position: 4, text: 'text mine' })
    expect(acked.entries[0]?.delivery).toBeUndefined()
    const heard = applyDelta(acked, { kind: 'message_posted', message: message(4, { id: 'mine', author: ANN, text: 'text mine' }) })
    expect(heard.entries).toHaveLength(1)
  })

  it('what is confirmed never goes back to being on its way', () => {
    const confirmed = fold([posted(1)])
    expect(applyDelta(confirmed, { kind: 'message_queued', message: pending('m1'), author: BO })).toBe(confirmed)
    expect(applyDelta(confirmed, { kind: 'message_failed', message: pending('m1'), author: BO })).toBe(confirmed)
    expect(ids(applyDelta(confirmed, { kind: 'message_discarded', id: 'm1' }))).toEqual(['m1'])
  })

  it('messages on their way come last, in the order they were written', () => {
    const timeline = fold([
      { kind: 'message_queued', message: pending('first', 1), author: ANN },
      { kind: 'message_queued', message: pending('second', 2), author: ANN },
      posted(9),
    ])
    expect(ids(timeline)).toEqual(['m9', 'first', 'second'])
  })

  it('A06 B11 older pages come before, and the cursor moves with them', () => {
    const timeline = fold([
      { kind: 'newest_page', page: { items: [message(5), message(6)], before: 5 } },
      { kind: 'older_page', page: { items: [message(3), message(4)], before: null } },
    ])
    expect(ids(timeline)).toEqual(['m3', 'm4', 'm5', 'm6'])
    expect(timeline).toMatchObject({ before: null, whole: true })
  })

  it('a page fetched while events arrive loses none of them', () => {
    const during = fold([posted(7), { kind: 'newest_page', page: { items: [message(5), message(6)], before: 5 } }])
    expect(ids(during)).toEqual(['m5', 'm6', 'm7'])
  })

  it('after an interruption nothing old is joined to the new page across the hole', () => {
    const old = fold([{ kind: 'newest_page', page: { items: [message(1), message(2)], before: null } }])
    const back = fold([{ kind: 'interrupted' }, posted(900), { kind: 'newest_page', page: { items: [message(899), message(900)], before: 899 } }], old)
    expect(ids(back)).toEqual(['m899', 'm900'])
    expect(back.before).toBe(899)
  })

  it('without an interruption a page fetched again keeps what was scrolled to', () => {
    const timeline = fold([
      { kind: 'newest_page', page: { items: [message(5), message(6)], before: 5 } },
      { kind: 'older_page', page: { items: [message(3), message(4)], before: 3 } },
      { kind: 'newest_page', page: { items: [message(6), message(7)], before: 6 } },
    ])
    expect(ids(timeline)).toEqual(['m3', 'm4', 'm5', 'm6', 'm7'])
    expect(timeline.before).toBe(3)
  })

  it('trimming keeps the newest and knows where the rest begins', () => {
    const timeline = applyDelta(fold([1, 2, 3, 4].map(posted)), { kind: 'trimmed', keep: 2 })
    expect(ids(timeline)).toEqual(['m3', 'm4'])
    expect(timeline.before).toBe(3)
  })
})

/** Fisher–Yates with a small seeded generator, so that a failing order can be named. */
function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items]
  let state = seed
  for (let index = shuffled.length - 1; index > 0; index--) {
    state = (state * 1103515245 + 12345) % 2147483648
    const other = state % (index + 1)
    ;[shuffled[index], shuffled[other]] = [shuffled[other]!, shuffled[index]!]
  }
  return shuffled
}
