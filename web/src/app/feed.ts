/** Joins the live session to the caches and stores: what each piece of news changes. */
import type { QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query'

import type { Client } from '~/api/client'
import { applyToConversations } from '~/api/conversations'
import type { Http } from '~/api/http'
import { Problem } from '~/api/problem'
import { keys, type People, refreshConversation } from '~/api/queries'
import type { News, Pending } from '~/api/realtime/session-state'
import type { Conversation, ConversationId, PublicEvent } from '~/api/types'
import type { Delta } from '~/features/timeline/apply-delta'
import { deliver, distrustTimeline, distrustTimelines } from '~/features/timeline/timeline-cache'
import { noteLive } from '~/lib/connection'
import { setPresence, usePresenceStore } from '~/lib/presence'
import { clearTyping, noteTyping } from '~/lib/typing'

import { noteFirstReady } from './first-ready'
import { watchOnScreen } from './watch-on-screen'

/** More events than this, heard before the lists arrived, are not kept: the lists are then fetched again. */
const MOST_EARLY = 2_000
/** Joins come in bursts; one question answers them all. */
const ASK_AFTER_MS = 150
const LONGEST_ASK_MS = 30_000

export function startFeed(client: Client, cache: QueryClient, http: Http): () => void {
  const feed = new Feed(client, cache, http)
  const stops = [
    client.realtime.subscribe((news) => feed.take(news)),
    cache.getQueryCache().subscribe((change) => feed.fetched(change)),
    watchOnScreen(client.realtime),
  ]
  return () => {
    stops.forEach((stop) => stop())
    feed.stop()
  }
}

class Feed {
  private readonly client: Client
  private readonly cache: QueryClient
  private readonly http: Http
  private readonly asks = new Map<ConversationId, ReturnType<typeof setTimeout>>()
  /** Events heard while the lists are on their way; told again when these arrive. Telling twice changes nothing. */
  private early: PublicEvent[] = []
  private overflowed = false
  private everReady = false

  constructor(client: Client, cache: QueryClient, http: Http) {
    this.client = client
    this.cache = cache
    this.http = http
  }

  stop(): void {
    this.asks.forEach(clearTimeout)
  }

  take(news: News): void {
    const { me } = this.client
    switch (news.type) {
      case 'phase':
        if (news.phase !== 'stopped') noteLive(news.phase === 'live')
        return
      case 'ready':
        return this.ready(news.cursor)
      case 'reset':
        this.http.reset(news.cursor)
        return this.fetchAgain()
      case 'event':
        return this.hear(news.event)
      case 'queued':
        return this.deliver(news.message, { kind: 'message_queued', message: news.message, author: me.id })
      case 'sent':
        return this.deliver(news.message, { kind: 'message_sent', id: news.message.id, position: news.position })
      case 'failed':
        return this.deliver(news.message, { kind: 'message_failed', message: news.message, author: me.id })
      case 'typing':
        if (news.user !== me.id) noteTyping(news.conversation, news.user)
        return
      case 'presence':
        return setPresence(news.user, news.state)
    }
  }

  /** A list has been fetched: what was heard meanwhile is told to it again. */
  fetched(change: QueryCacheNotifyEvent): void {
    if (change.type !== 'updated' || change.action.type !== 'success' || change.action.manual) return
    const [name] = change.query.queryKey
    if (name === keys.users[0]) seedPresence(change.query.state.data as People)
    if (name !== keys.conversations[0] && name !== keys.users[0]) return
    const again = this.early
    if (name === keys.conversations[0]) this.early = []
    again.forEach((event) => this.applyToLists(event))
    if (this.overflowed) void this.cache.invalidateQueries({ queryKey: keys.conversations })
    this.overflowed = false
  }

  private deliver({ conversation }: Pending, delta: Delta): void {
    deliver(this.cache, conversation, delta)
  }

  /** What was fetched before the first `ready` may have a hole behind it. */
  private ready(cursor: number): void {
    this.http.see(cursor)
    if (!this.everReady && this.cache.getQueryState(keys.conversations)) this.fetchAgain()
    this.everReady = true
    noteFirstReady()
  }

  private fetchAgain(): void {
    distrustTimelines(this.cache)
    void this.cache.invalidateQueries({ queryKey: keys.conversations })
    void this.cache.invalidateQueries({ queryKey: keys.users })
  }

  private hear(event: PublicEvent): void {
    this.http.see(event.position)
    this.remember(event)
    this.applyToLists(event)
    switch (event.type) {
      case 'message_posted':
        clearTyping(event.message.conversation, event.message.author)
        return deliver(this.cache, event.message.conversation, { kind: 'message_posted', message: event.message })
      case 'member_joined':
      case 'member_left':
        if (event.type === 'member_joined' && event.user === this.client.me.id) distrustTimeline(this.cache, event.conversation)
        void this.cache.invalidateQueries({ queryKey: keys.members(event.conversation) })
        void this.cache.invalidateQueries({ queryKey: keys.allChannels })
        return
      case 'channel_created':
        void this.cache.invalidateQueries({ queryKey: keys.allChannels })
        return
      default:
        return
    }
  }

  private remember(event: PublicEvent): void {
    const fetching = this.cache.isFetching({ queryKey: keys.conversations }) + this.cache.isFetching({ queryKey: keys.users })
    if (fetching === 0 && this.cache.getQueryData(keys.conversations)) return
    if (this.early.length < MOST_EARLY) this.early.push(event)
    else this.overflowed = true
  }

  private applyToLists(event: PublicEvent): void {
    const list = this.cache.getQueryData<Conversation[]>(keys.conversations)
    if (list) {
      const change = applyToConversations(list, event, this.client.me.id)
      if (change.list !== list) this.cache.setQueryData(keys.conversations, change.list)
      change.ask.forEach((conversation) => this.ask(conversation))
    }
    if (event.type === 'profile_created') {
      this.cache.setQueryData<People>(keys.users, (people) => people && { ...people, [event.user.id]: event.user })
    }
  }

  private ask(conversation: ConversationId, after = ASK_AFTER_MS): void {
    clearTimeout(this.asks.get(conversation))
    const timer = setTimeout(() => {
      this.asks.delete(conversation)
      refreshConversation(this.cache, this.client.server, conversation).catch((problem: unknown) => {
        if (!(problem instanceof Problem) || problem.isPassing) this.ask(conversation, Math.min(LONGEST_ASK_MS, after * 2))
      })
    }, after)
    this.asks.set(conversation, timer)
  }
}

/** The list of people knows their state when it was made; the socket knows better as soon as it speaks. */
function seedPresence(people: People): void {
  const { states } = usePresenceStore.getState()
  for (const { id, presence } of Object.values(people)) if (states[id] === undefined) setPresence(id, presence)
}
