/** Joining and leaving a channel, with the list of mine kept in step and a word about how it went. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { useClient } from '~/api/client'
import { problemToWords } from '~/api/problem'
import { keys, refreshConversation } from '~/api/queries'
import type { Conversation, ConversationId } from '~/api/types'
import { words } from '~/lib/words'
import { toast } from '~/ui/toast'

export function useMembership(id: ConversationId, name: string) {
  const { server } = useClient()
  const cache = useQueryClient()
  const [busy, setBusy] = useState(false)

  async function change(act: () => Promise<unknown>, done: string): Promise<boolean> {
    setBusy(true)
    try {
      await act()
      void cache.invalidateQueries({ queryKey: keys.allChannels })
      void cache.invalidateQueries({ queryKey: ['conversation', id] })
      toast.success(done)
      return true
    } catch (problem) {
      toast.error(problemToWords(problem))
      return false
    } finally {
      setBusy(false)
    }
  }

  const join = () =>
    change(async () => {
      await server.join(id)
      await refreshConversation(cache, server, id)
    }, words.conversation.joined(name))

  const leave = () =>
    change(async () => {
      await server.leave(id)
      cache.setQueryData<Conversation[]>(keys.conversations, (list) => list?.filter((conversation) => conversation.id !== id))
    }, words.conversation.left(name))

  return { join, leave, busy }
}
