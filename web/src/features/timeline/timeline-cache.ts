/** Timelines in the query cache: how deltas get to them, and how pages are fetched. Every change goes through `applyDelta`. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'

import { type Client, useClient } from '~/api/client'
import type { ConversationId } from '~/api/types'

import { applyDelta, type Delta, emptyTimeline, type Timeline } from './apply-delta'

const keyOf = (conversation: ConversationId) => ['timeline', conversation] as const
const allTimelines = ['timeline'] as const
/** Most entries kept of a conversation that nobody looks at. */
const KEEP = 500

/** Hands a delta to a timeline that someone holds or is about to get; nobody else needs it. */
export function deliver(cache: QueryClient, conversation: ConversationId, delta: Delta): void {
  const query = cache.getQueryState<Timeline>(keyOf(conversation))
  if (!query || (query.data === undefined && query.fetchStatus === 'idle')) return
  cache.setQueryData<Timeline>(keyOf(conversation), (timeline) => applyDelta(timeline ?? emptyTimeline, delta))
}

/** Events may have been missed: what is on screen is fetched again now, the rest when it is next looked at. */
export function distrustTimelines(cache: QueryClient): void {
  for (const [key] of cache.getQueriesData<Timeline>({ queryKey: allTimelines })) {
    cache.setQueryData<Timeline>(key, (timeline) => timeline && applyDelta(timeline, { kind: 'interrupted' }))
  }
  void cache.invalidateQueries({ queryKey: allTimelines })
}

/** The same for one: what was said before I belonged to it was not told to me. */
export function distrustTimeline(cache: QueryClient, conversation: ConversationId): void {
  deliver(cache, conversation, { kind: 'interrupted' })
  void cache.invalidateQueries({ queryKey: keyOf(conversation) })
}

/** The newest page, joined with what arrived meanwhile and with what is still on its way. */
async function fetchNewest(cache: QueryClient, { server, realtime, me }: Client, id: ConversationId, signal: AbortSignal): Promise<Timeline> {
  const page = await server.listMessages(id, null, signal)
  const sofar = cache.getQueryData<Timeline>(keyOf(id)) ?? emptyTimeline
  const underWay = realtime.outbox().filter(({ conversation }) => conversation === id)
  const deltas: Delta[] = [
    { kind: 'newest_page', page },
    ...underWay.map((message): Delta => ({ kind: message.failed ? 'message_failed' : 'message_queued', message, author: me.id })),
  ]
  return deltas.reduce(applyDelta, sofar)
}

export function useTimeline(id: ConversationId) {
  const client = useClient()
  const cache = useQueryClient()
  const query = useQuery({ queryKey: keyOf(id), queryFn: ({ signal }) => fetchNewest(cache, client, id, signal) })
  return {
    timeline: query.data?.whole ? query.data : undefined,
    error: query.data?.whole ? null : query.error,
    retry: () => void query.refetch(),
  }
}

/** Fetches the page before the oldest entry, one at a time. */
export function useOlder(id: ConversationId) {
  const { server } = useClient()
  const cache = useQueryClient()
  const busy = useRef(false)
  const [failed, setFailed] = useState(false)
  const fetchOlder = useCallback(async () => {
    const before = cache.getQueryData<Timeline>(keyOf(id))?.before
    if (busy.current || !before) return
    busy.current = true
    setFailed(false)
    try {
      const page = await server.listMessages(id, before)
      deliver(cache, id, { kind: 'older_page', page })
    } catch {
      setFailed(true)
    } finally {
      busy.current = false
    }
  }, [cache, id, server])
  return { fetchOlder, failed }
}

export function trimTimeline(cache: QueryClient, id: ConversationId): void {
  deliver(cache, id, { kind: 'trimmed', keep: KEEP })
}
