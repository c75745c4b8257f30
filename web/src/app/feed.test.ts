/** The feed: what arrives while something is being fetched is not lost, and nothing is counted twice. */
import { type InfiniteData, QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Client } from '~/api/client'
import type { Http } from '~/api/http'
import { fetchConversations, keys } from '~/api/queries'
import type { News } from '~/api/realtime/session-state'
import type { Conversation, Page, PublicEvent, User } from '~/api/types'
import { usePresenceStore } from '~/lib/presence'

import { startFeed } from './feed'

const conversation = (id: string, more: Partial<Conversation> = {}): Conversation => ({
  id, kind: 'channel', name: id, visibility: 'public', created_by: 'bo', created_at: '', member_count: 2,
  archived: false, posting: 'everyone', default: false, receipts: false, is_member: true, last_position: 10, read_position: 10, unread_count: 0, ...more,
})

const posted = (position: number, to: string): PublicEvent => ({
  type: 'message_posted', position, at: '',
  message: { id: `m${position}`, conversation: to, author: 'bo', position, text: '', posted_at: '', reply_count: 0, reactions: [], files: [] },
})

function bench() {
  let tell: (news: News) => void = () => undefined
  const taken: unknown[] = []
  const server = {
    listConversations: vi.fn(() => Promise.resolve({ items: [conversation('c')] })),
    getConversation: vi.fn((id: string) => Promise.resolve(conversation(id, { last_position: 12, unread_count: 1 }))),
  }
  const realtime = {
    subscribe: (listener: typeof tell) => {
      tell = listener
      return () => undefined
    },
    take: (input: unknown) => taken.push(input),
    outbox: () => [],
  }
  const seen: (number | null)[] = []
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } })
  const roster = { change: vi.fn(), distrust: vi.fn() }
  const client = { me: { id: 'ann' }, server, roster, realtime } as unknown as Client
  const resets: number[] = []
  const http = { see: (position: number | null) => seen.push(position), reset: (position: number) => resets.push(position) }
  const stop = startFeed(client, cache, http as unknown as Http)
  const list = () => cache.getQueryData<Conversation[]>(keys.conversations)
  const fetch = () => cache.fetchQuery({ queryKey: keys.conversations, queryFn: () => fetchConversations(client.server) })
  return { tell: (news: News) => tell(news), event: (event: PublicEvent) => tell({ type: 'event', event }), server, cache, roster, list, fetch, seen, resets, taken, stop }
}

beforeEach(() => {
  vi.useFakeTimers()
  usePresenceStore.setState({ states: {}, watched: {} })
})
afterEach(() => vi.useRealTimers())

describe('the feed', () => {
  it('an event heard while the list is on its way is counted once the list is there', async () => {
    const { event, fetch, list } = bench()
    const fetched = fetch()
    event(posted(11, 'c'))
    await fetched
    expect(list()).toMatchObject([{ unread_count: 1, last_position: 11 }])
    event(posted(11, 'c'))
    expect(list()).toMatchObject([{ unread_count: 1 }])
  })

  it('a conversation it does not know is asked for once, however many events name it', async () => {
    const { event, fetch, list, server } = bench()
    await fetch()
    for (const position of [11, 12]) event(posted(position, 'new'))
    await vi.advanceTimersByTimeAsync(200)
    expect(server.getConversation).toHaveBeenCalledTimes(1)
    expect(list()?.find(({ id }) => id === 'new')).toMatchObject({ unread_count: 1, last_position: 12 })
  })

  it('a question that fails is asked again, later each time', async () => {
    const { event, fetch, server } = bench()
    await fetch()
    server.getConversation.mockRejectedValue(new Error('unreachable'))
    event(posted(11, 'new'))
    await vi.advanceTimersByTimeAsync(150 + 300 + 600 + 50)
    expect(server.getConversation).toHaveBeenCalledTimes(3)
  })

  it('B02 of a new person, and of what somebody is up to, the roster and the search hear', () => {
    const { event, cache, roster } = bench()
    cache.setQueryData(keys.people('cy'), { pages: [], pageParams: [] })
    const cy = { id: 'cy', name: 'Cy', joined_at: '' }
    const status = { emoji: '🌴', text: 'Away' }
    event({ type: 'profile_created', position: 1, at: '', user: cy })
    event({ type: 'status_changed', position: 2, at: '', user: 'bo', status })
    event({ type: 'status_changed', position: 3, at: '', user: 'bo' })
    expect(roster.change.mock.calls).toEqual([['cy', cy], ['bo', { status }], ['bo', { status: null }]])
    expect(cache.getQueryState(keys.people('cy'))?.isInvalidated).toBe(true)
  })

  it('after a reset everything is fetched again, as new as the server now is', async () => {
    const { tell, fetch, cache, roster, resets } = bench()
    await fetch()
    tell({ type: 'reset', cursor: 4 })
    expect(resets).toEqual([4])
    expect(cache.getQueryState(keys.conversations)?.isInvalidated).toBe(true)
    expect(roster.distrust).toHaveBeenCalledTimes(1)
  })

  it('what was fetched before the first ready is fetched again; after that, ready alone fetches nothing', async () => {
    const { tell, fetch, cache } = bench()
    await fetch()
    tell({ type: 'ready', cursor: 20 })
    expect(cache.getQueryState(keys.conversations)?.isInvalidated).toBe(true)
    await cache.refetchQueries({ queryKey: keys.conversations })
    await fetch()
    tell({ type: 'ready', cursor: 30 })
    expect(cache.getQueryState(keys.conversations)?.isInvalidated).toBe(false)
  })

  it('every position heard is one that later answers must not fall behind', () => {
    const { tell, event, seen } = bench()
    tell({ type: 'ready', cursor: 20 })
    event(posted(21, 'c'))
    expect(seen).toEqual([20, 21])
  })

  it('A13 B03 the people on screen are watched, each once, and those who left no more', async () => {
    const { taken } = bench()
    usePresenceStore.setState({ watched: { bo: 2, cy: 1 } })
    await vi.advanceTimersByTimeAsync(150)
    usePresenceStore.setState({ watched: { bo: 1 } })
    usePresenceStore.setState({ watched: { bo: 1, cy: 1 } })
    await vi.advanceTimersByTimeAsync(150)
    usePresenceStore.setState({ watched: { cy: 1 } })
    await vi.advanceTimersByTimeAsync(150)
    expect(taken).toEqual([{ type: 'watch', users: ['bo', 'cy'] }, { type: 'watch', users: ['cy'] }])
  })

  it('C12 presence over the socket is believed more than what was found', async () => {
    const { tell, cache } = bench()
    tell({ type: 'presence', user: 'bo', state: 'away' })
    const found = ['bo', 'cy'].map((id): User => ({ id, name: id, role: 'member', presence: 'active', joined_at: '' }))
    const data: InfiniteData<Page<User>> = { pages: [{ items: found }], pageParams: [null] }
    await cache.fetchQuery({ queryKey: keys.people(''), queryFn: () => data })
    expect(usePresenceStore.getState().states).toEqual({ bo: 'away', cy: 'active' })
  })
})
