/** What a signed-in page works with: who I am, the server, the live session. Handed down by context. */
import { createContext, use } from 'react'

import type { Realtime } from './realtime/realtime'
import type { Roster } from './roster'
import type { Server } from './server'
import type { Me } from './types'

export interface Client {
  me: Me
  server: Server
  roster: Roster
  realtime: Realtime
  signOut: () => Promise<void>
}

export const ClientContext = createContext<Client | null>(null)

export function useClient(): Client {
  const client = use(ClientContext)
  if (!client) throw new Error('useClient needs a signed-in page around it')
  return client
}
