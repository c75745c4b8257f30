/** Joins the live session to the caches and stores: what each piece of news changes. */
import type { QueryClient } from '@tanstack/react-query'

import type { Client } from '~/api/client'
import { applyToConversations } from '~/api/conversations'
import type { Http } from '~/api/http'
import { Problem } from '~/api/problem'
import { keys, type People, refreshConversation } from '~/api/queries'
import type { News } from '~/api/realtime/session-state'
import type { Conversation, ConversationId, PublicEvent } from '~/api/types'
import { deliver, distrustTimelines } from '~/features/timeline/timeline-cache'
import { noteLive } from '~/lib/connection'
import { setPresence, usePresenceStore } from '~/lib/presence'
import { clearTyping, noteTyping } from '~/lib/typing'

import { noteFirstReady } from './first-ready'

/** The server accepts no longer list. */
const MOST_WATCHED = 500
const WATCH_AFTER_MS = 100
/** Joins come in bursts; one question answers them all. */
const ASK_AFTER_MS = 150

export function startFeed(client: Client, cache: QueryClient, http: Http): () => void {
  const { realtime, me, server } = client
  const asks = new Map<ConversationId, ReturnType<typeof setTimeout>>()
  /** Events heard while the lists are on their way; told again when these arrive. Telling twice changes nothing. */
  let early: PublicEvent[] = []
  let everReady = false

  function ask(conversation: ConversationId): void {
    clearTimeout(asks.get(conversation))
    const timer = setTimeout(() => {
      asks.delete(conversation)
      refreshConversation(cache, server, conversation).catch((problem: unknown) => {
        if (problem instanceof Problem && problem.isPassing) ask(conversation)
      })
    }, ASK_AFTER_MS)
    asks.set(conversation, timer)
  }

  function applyToLists(event: PublicEvent): void {
    const list = cache.getQueryData<Conversation[]>(keys.conversations)
    if (list) {
      const change = applyToConversations(list, event, me.id)
      if (change.list !== list) cache.setQueryData(keys.conversations, change.list)
      change.ask.forEach(ask)
    }
    if (event.type === 'profile_created') {
      cache.setQueryData<People>(keys.users, (people) => people && { ...people, [event.user.id]: event.user })
    }
  }

  function onEvent(event: PublicEvent): void {
    http.see(event.position)
    const fetching = cache.isFetching({ queryKey: keys.conversations }) + cache.isFetching({ queryKey: keys.users })
    if (fetching > 0 || !cache.getQueryData(keys.conversations)) early.push(event)
    applyToLists(event)
    if (event.type === 'message_posted') {
      const { message } = event
      clearTyping(message.conversation, message.author)
      deliver(cache, message.conversation, { kind: 'message_posted', message })
    } else if (event.type === 'member_joined' || event.type === 'member_left') {
      void cache.invalidateQueries({ queryKey: keys.members(event.conversation) })
      void cache.invalidateQueries({ queryKey: keys.allChannels })
    } else if (event.type === 'channel_created') {
      void cache.invalidateQueries({ queryKey: keys.allChannels })
    }
  }

  /** What was fetched before the first `ready` may have a hole behind it; after a reset, everything has. */
  function fetchAgain(): void {
    distrustTimelines(cache)
    void cache.invalidateQueries({ queryKey: keys.conversations })
    void cache.invalidateQueries({ queryKey: keys.users })
  }

  function onNews(news: News): void {
    switch (news.type) {
      case 'phase':
        if (news.phase !== 'stopped') noteLive(news.phase === 'live')
        return
      case 'ready':
        http.see(news.cursor)
        if (!everReady && cache.getQueryState(keys.conversations)) fetchAgain()
        everReady = true
        return noteFirstReady()
      case 'reset':
        return fetchAgain()
      case 'event':
        return onEvent(news.event)
      case 'queued':
        return deliver(cache, news.message.conversation, { kind: 'message_queued', message: news.message, author: me.id })
      case 'sent':
        return deliver(cache, news.message.conversation, { kind: 'message_sent', id: news.message.id, position: news.position })
      case 'failed':
        return deliver(cache, news.message.conversation, { kind: 'message_failed', message: news.message, author: me.id })
      case 'typing':
        if (news.user !== me.id) noteTyping(news.conversation, news.user)
        return
      case 'presence':
        return setPresence(news.user, news.state)
    }
  }

  const stopNews = realtime.subscribe(onNews)
  const stopLists = cache.getQueryCache().subscribe(({ type, query, ...rest }) => {
    const action = 'action' in rest ? rest.action : undefined
    if (type !== 'updated' || action?.type !== 'success' || action.manual) return
    if (query.queryKey[0] === keys.users[0]) seedPresence(query.state.data as People)
    if (query.queryKey[0] !== keys.conversations[0] && query.queryKey[0] !== keys.users[0]) return
    const again = early
    if (query.queryKey[0] === keys.conversations[0]) early = []
    again.forEach(applyToLists)
  })
  const stopWatching = watchOnScreen(client)
  return () => {
    stopNews()
    stopLists()
    stopWatching()
    asks.forEach(clearTimeout)
  }
}

/** The list of people knows their state when it was made; the socket knows better as soon as it speaks. */
function seedPresence(people: People): void {
  const { states } = usePresenceStore.getState()
  for (const { id, presence } of Object.values(people)) if (states[id] === undefined) setPresence(id, presence)
}

/** Tells the server whose presence is on screen, a moment after it changed. */
function watchOnScreen({ realtime }: Client): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let told = ''
  const tell = () => {
    const users = Object.keys(usePresenceStore.getState().watched).sort().slice(0, MOST_WATCHED)
    if (users.join() === told) return
    told = users.join()
    realtime.take({ type: 'watch', users })
  }
  const stop = usePresenceStore.subscribe(({ watched }, old) => {
    if (watched === old.watched) return
    clearTimeout(timer)
    timer = setTimeout(tell, WATCH_AFTER_MS)
  })
  return () => {
    stop()
    clearTimeout(timer)
  }
}
