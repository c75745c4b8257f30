/** Joins the live session to the caches and stores: what each piece of news changes. */
import type { InfiniteData, QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query'

import type { Client } from '~/api/client'
import { applyToConversations } from '~/api/conversations'
import type { Http } from '~/api/http'
import { Problem } from '~/api/problem'
import { keys, refreshConversation } from '~/api/queries'
import type { News, Pending } from '~/api/realtime/session-state'
import type { Conversation, ConversationId, Page, PublicEvent, User } from '~/api/types'
import type { Delta } from '~/features/timeline/apply-delta'
import { deliver, distrustTimeline, distrustTimelines } from '~/features/timeline/timeline-cache'
import { noteLive } from '~/lib/connection'
import { seedPresence, setPresence } from '~/lib/presence'
import { clearTyping, noteTyping } from '~/lib/typing'

import { noteFirstReady } from './first-ready'
import { watchOnScreen } from './watch-on-screen'

/** More events than this, heard before the list arrived, are not kept: the list is then fetched again. */
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
  /** Events heard while the list is on its way; told again when it arrives. Telling twice changes nothing. */
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

  /** My list has been fetched: what was heard meanwhile is told to it again. */
  fetched(change: QueryCacheNotifyEvent): void {
    if (change.type !== 'updated' || change.action.type !== 'success' || change.action.manual) return
    const [name] = change.query.queryKey
    if (name === keys.allPeople[0]) seedPresence((change.query.state.data as InfiniteData<Page<User>>).pages.flatMap(({ items }) => items))
    if (name !== keys.conversations[0]) return
    const again = this.early
    this.early = []
    again.forEach((event) => this.applyToList(event))
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
    void this.cache.invalidateQueries({ queryKey: keys.allPeople })
    this.client.roster.distrust()
  }

  private hear(event: PublicEvent): void {
    this.http.see(event.position)
    this.remember(event)
    this.applyToList(event)
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
      case 'profile_created':
        void this.cache.invalidateQueries({ queryKey: keys.allPeople })
        return this.client.roster.change(event.user.id, event.user)
      case 'status_changed':
        return this.client.roster.change(event.user, { status: event.status ?? null })
      default:
        return
    }
  }

  private remember(event: PublicEvent): void {
    if (this.cache.isFetching({ queryKey: keys.conversations }) === 0 && this.cache.getQueryData(keys.conversations)) return
    if (this.early.length < MOST_EARLY) this.early.push(event)
    else this.overflowed = true
  }

  private applyToList(event: PublicEvent): void {
    const list = this.cache.getQueryData<Conversation[]>(keys.conversations)
    if (!list) return
    const change = applyToConversations(list, event, this.client.me.id)
    if (change.list !== list) this.cache.setQueryData(keys.conversations, change.list)
    change.ask.forEach((conversation) => this.ask(conversation))
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
