/** The timeline of one conversation and the only code that changes it: one pure function from old timeline and delta to new. */
import type { Pending } from '~/api/realtime/session-state'
import type { Message, MessageId, Page, Position, UserId } from '~/api/types'

export type Delivery = 'pending' | 'failed'

/** A message as the list shows it. One that the server has not confirmed has no position yet. */
export interface Entry extends Omit<Message, 'position'> {
  position: Position | null
  delivery?: Delivery
}

export interface Timeline {
  /** Confirmed messages by position, then those on their way in the order they were written. */
  entries: readonly Entry[]
  /** The cursor of the page before the oldest one; nothing at the very beginning. */
  before: Page<Message>['before']
  /** The newest page has been fetched: there is no hole between the oldest entry and now. */
  whole: boolean
}

export type Delta =
  | { kind: 'newest_page'; page: Page<Message> }
  | { kind: 'older_page'; page: Page<Message> }
  | { kind: 'message_posted'; message: Message }
  | { kind: 'message_queued'; message: Pending; author: UserId }
  | { kind: 'message_sent'; id: MessageId; position: Position }
  | { kind: 'message_failed'; message: Pending; author: UserId }
  | { kind: 'message_discarded'; id: MessageId }
  /** Events may have been missed: nothing old counts as joined to what comes now. */
  | { kind: 'interrupted' }
  /** Nobody looks: keep the newest entries only. */
  | { kind: 'trimmed'; keep: number }

export const emptyTimeline: Timeline = { entries: [], before: null, whole: false }

export function applyDelta(timeline: Timeline, delta: Delta): Timeline {
  switch (delta.kind) {
    case 'newest_page':
      return newestPage(timeline, delta.page)
    case 'older_page':
      return { ...timeline, entries: merge(delta.page.items, timeline.entries), before: delta.page.before ?? null }
    case 'message_posted':
      return standsInTheList(delta.message) ? { ...timeline, entries: merge(timeline.entries, [delta.message]) } : timeline
    case 'message_queued':
      return underWay(timeline, delta.message, delta.author, 'pending')
    case 'message_failed':
      return underWay(timeline, delta.message, delta.author, 'failed')
    case 'message_sent':
      return { ...timeline, entries: merge(timeline.entries.map((entry) => (entry.id === delta.id ? sent(entry, delta.position) : entry)), []) }
    case 'message_discarded':
      return { ...timeline, entries: timeline.entries.filter((entry) => entry.id !== delta.id || entry.position !== null) }
    case 'interrupted':
      return { ...timeline, whole: false }
    case 'trimmed':
      return trimmed(timeline, delta.keep)
  }
}

/** Answers stand in their thread, and in the list only when they were sent there too: as the server pages them. */
export function standsInTheList({ thread, in_channel }: Pick<Message, 'thread' | 'in_channel'>): boolean {
  return !thread || in_channel === true
}

/** Joined to what is there when the two touch; else what is older than the page is let go, for there may be a hole between. */
function newestPage(timeline: Timeline, page: Page<Message>): Timeline {
  const oldest = page.items[0]?.position ?? 0
  const touches = timeline.whole && timeline.entries.some(({ position }) => position !== null && position >= oldest)
  const kept = timeline.entries.filter(({ position }) => touches || position === null || position >= oldest)
  const reachesFurther = kept.some(({ position }) => position !== null && position < oldest)
  return { entries: merge(kept, page.items), before: reachesFurther ? timeline.before : (page.before ?? null), whole: true }
}

/** A message the server has already confirmed never goes back to being on its way. */
function underWay(timeline: Timeline, { id, conversation, text, thread, at }: Pending, author: UserId, delivery: Delivery): Timeline {
  const old = timeline.entries.find((entry) => entry.id === id)
  if (old && old.position !== null) return timeline
  if (old) return { ...timeline, entries: timeline.entries.map((entry) => (entry.id === id ? { ...entry, delivery } : entry)) }
  const entry: Entry = {
    id, conversation, author, text, thread, delivery,
    position: null, posted_at: new Date(at).toISOString(), reply_count: 0, reactions: [], files: [],
  }
  return { ...timeline, entries: merge(timeline.entries, [entry]) }
}

function sent(entry: Entry, position: Position): Entry {
  if (entry.position !== null) return entry
  const { delivery: _done, ...confirmed } = entry
  return { ...confirmed, position }
}

function trimmed(timeline: Timeline, keep: number): Timeline {
  if (timeline.entries.length <= keep) return timeline
  const entries = timeline.entries.slice(-keep)
  const oldest = entries.find(({ position }) => position !== null)?.position
  return oldest === undefined ? timeline : { ...timeline, entries, before: oldest }
}

/** Each id once, the later copy winning unless it is less certain; in order of position, the unconfirmed ones last. */
function merge(old: readonly Entry[], fresh: readonly Entry[]): Entry[] {
  const byId = new Map<MessageId, Entry>()
  for (const entry of [...old, ...fresh]) {
    const known = byId.get(entry.id)
    if (known && known.position !== null && entry.position === null) continue
    byId.set(entry.id, entry)
  }
  return [...byId.values()].sort(inOrder)
}

/** Sorting is stable, so messages on their way keep the order in which they were written. */
function inOrder(a: Entry, b: Entry): number {
  return (a.position ?? Infinity) - (b.position ?? Infinity) || 0
}
