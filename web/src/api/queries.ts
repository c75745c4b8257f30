/** Server entities in the query cache: their keys, how they are fetched, and the hooks that read them. */
import { keepPreviousData, type QueryClient, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'

import { useClient } from './client'
import { upsertConversation } from './conversations'
import type { Server } from './server'
import type { Conversation, ConversationId, Page, User } from './types'

export const keys = {
  people: (q: string) => ['people', q] as const,
  allPeople: ['people'] as const,
  conversations: ['conversations'] as const,
  channels: (q: string) => ['channels', q] as const,
  allChannels: ['channels'] as const,
  members: (conversation: ConversationId) => ['members', conversation] as const,
}

/** Follows the pages of a list to its end. */
async function everyPage<T>(fetch: (after: Page<T>['after']) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = []
  let after: Page<T>['after'] = null
  do {
    const page: Page<T> = await fetch(after)
    all.push(...page.items)
    after = page.after ?? null
  } while (after !== null)
  return all
}

export async function fetchConversations(server: Server, signal?: AbortSignal): Promise<Conversation[]> {
  return (await server.listConversations(signal)).items
}

/** Fetches one conversation and puts it into my list. */
export async function refreshConversation(cache: QueryClient, server: Server, id: ConversationId): Promise<Conversation> {
  const fetched = await server.getConversation(id)
  cache.setQueryData<Conversation[]>(keys.conversations, (list) => (list ? upsertConversation(list, fetched) : list))
  return fetched
}

export function useConversations() {
  const { server } = useClient()
  return useQuery({ queryKey: keys.conversations, queryFn: ({ signal }) => fetchConversations(server, signal) })
}

/** One of mine; a conversation that is not in my list is asked for, because it may be a public channel I look at. */
export function useConversation(id: ConversationId) {
  const { server } = useClient()
  const mine = useConversations()
  const known = mine.data?.find((conversation) => conversation.id === id)
  const asked = useQuery({
    queryKey: ['conversation', id],
    queryFn: ({ signal }) => server.getConversation(id, signal),
    enabled: mine.isSuccess && !known,
    staleTime: 0,
    gcTime: 0,
  })
  return {
    conversation: known ?? asked.data,
    error: known ? null : (mine.error ?? asked.error),
    retry: () => void (mine.error ? mine.refetch() : asked.refetch()),
  }
}

export function useChannels(q: string) {
  const { server } = useClient()
  return useInfiniteQuery({
    queryKey: keys.channels(q),
    queryFn: ({ pageParam, signal }) => server.listChannels(q, pageParam, signal),
    initialPageParam: null as Page<Conversation>['after'],
    getNextPageParam: (page) => page.after ?? null,
    staleTime: 0,
  })
}

/** People with a name like this, in the order of joining. */
export function usePeopleNamed(q: string) {
  const { server } = useClient()
  return useInfiniteQuery({
    queryKey: keys.people(q),
    queryFn: ({ pageParam, signal }) => server.listUsers({ q, after: pageParam }, signal),
    initialPageParam: null as Page<User>['after'],
    getNextPageParam: (page) => page.after ?? null,
    // What was found stays while one goes on typing.
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
}

export function useMembers(conversation: ConversationId) {
  const { server } = useClient()
  return useQuery({
    queryKey: keys.members(conversation),
    queryFn: ({ signal }) => everyPage((after) => server.listMembers(conversation, after, signal)),
    staleTime: 0,
  })
}

/** Opens the direct conversation with someone, there already or not, and puts it into my list. */
export function useOpenDirect() {
  const { server, roster } = useClient()
  const cache = useQueryClient()
  return async (user: User): Promise<ConversationId> => {
    const { id } = await server.createConversation({ kind: 'direct', user: user.id })
    roster.meet(user)
    await refreshConversation(cache, server, id)
    return id
  }
}
