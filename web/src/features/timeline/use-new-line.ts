/** Where the New line stands: set on opening, or when something arrives while nobody looks; it stays until one leaves. */
import { useEffect, useState } from 'react'

import type { Conversation, Position, UserId } from '~/api/types'

import type { Entry, Timeline } from './apply-delta'

const GHOST_AFTER_MS = 3_000

export function useNewLine({ read_position, last_position, unread_count }: Conversation, attentive: boolean) {
  const [after, setAfter] = useState<Position | null>(unread_count > 0 ? read_position : null)
  const [seenTo, setSeenTo] = useState<Position>(last_position ?? 0)
  const [dismissed, dismiss] = useState(false)
  const [ghost, setGhost] = useState(false)
  if (!attentive && after === null && unread_count > 0) setAfter(read_position)
  if (attentive && (last_position ?? 0) > seenTo) setSeenTo(last_position ?? 0)
  useEffect(() => {
    if (after === null || !attentive || unread_count > 0) return
    const timer = setTimeout(() => setGhost(true), GHOST_AFTER_MS)
    return () => clearTimeout(timer)
  }, [after, attentive, unread_count])
  return { after, seenTo, dismissed, dismiss: () => dismiss(true), ghost }
}

/** What others wrote after a position. */
export function freshSince({ entries }: Timeline, after: Position | null, me: UserId): readonly Entry[] {
  return after === null ? [] : entries.filter(({ author, position }) => author !== me && (position ?? 0) > after)
}
