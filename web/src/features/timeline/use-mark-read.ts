/** Moves my read position to the newest message while I look at it, half a second after it came. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'

import { useClient } from '~/api/client'
import { markRead } from '~/api/conversations'
import { keys } from '~/api/queries'
import type { Conversation } from '~/api/types'

const DEBOUNCE_MS = 500

export function useMarkRead({ id, is_member, last_position, read_position }: Conversation, looking: boolean): () => void {
  const { realtime } = useClient()
  const cache = useQueryClient()
  const position = last_position ?? 0
  const mark = useCallback(() => {
    realtime.take({ type: 'read', conversation: id, position })
    cache.setQueryData<Conversation[]>(keys.conversations, (list) => list && markRead(list, id, position))
  }, [cache, id, position, realtime])
  useEffect(() => {
    if (!looking || !is_member || position <= read_position) return
    const timer = setTimeout(mark, DEBOUNCE_MS)
    return () => clearTimeout(timer)
  }, [looking, is_member, position, read_position, mark])
  return mark
}
