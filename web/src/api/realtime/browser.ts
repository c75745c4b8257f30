/** The browser's own socket, timers and IndexedDB, in the form the realtime session asks for. */
import { createStore, del, set, values } from 'idb-keyval'

import { realtimeUrl } from '~/lib/paths'

import type { OutboxStore, Socket, SocketEvents, Surroundings } from './realtime'
import type { Pending } from './session-state'

function openSocket(events: SocketEvents): Socket {
  const socket = new WebSocket(realtimeUrl(window.location))
  socket.onopen = events.opened
  socket.onmessage = ({ data: text }: MessageEvent) => {
    if (typeof text === 'string') events.heard(text)
  }
  socket.onclose = ({ code }) => events.closed(code)
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    close: () => socket.close(),
  }
}

/** One record per message, so that two windows of one person never overwrite each other's. */
export function openOutbox(user: string): OutboxStore {
  const records = createStore(`confab-outbox-${user}`, 'messages')
  return {
    load: () => values<Pending>(records),
    store: (message) => set(message.id, message, records),
    forget: (id) => del(id, records),
  }
}

export function browserSurroundings(user: string, token: Surroundings['token']): Surroundings {
  return {
    open: openSocket,
    token,
    outbox: openOutbox(user),
    setTimer: (ring, after) => window.setTimeout(ring, after),
    clearTimer: (timer) => window.clearTimeout(timer),
    random: Math.random,
  }
}
