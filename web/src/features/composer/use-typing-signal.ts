/** Tells the others that I am typing: on key presses, at most every three seconds. */
import { useRef } from 'react'

import { useClient } from '~/api/client'
import type { ConversationId } from '~/api/types'

const EVERY_MS = 3_000

export function useTypingSignal(conversation: ConversationId): { typed: (text: string) => void; sent: () => void } {
  const { realtime } = useClient()
  const last = useRef(0)
  return {
    typed: (text) => {
      const now = Date.now()
      if (text.trim() === '' || text.startsWith('/') || now - last.current < EVERY_MS) return
      last.current = now
      realtime.take({ type: 'typing', conversation })
    },
    // The next message is a new thought: its first key press is told at once.
    sent: () => {
      last.current = 0
    },
  }
}
