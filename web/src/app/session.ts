/** Who is signed in on this page: begins, keeps and ends the session. Everything with a lifetime starts and stops here. */
import { QueryClient } from '@tanstack/react-query'
import { create } from 'zustand'

import { logout, refresh, type SignedInAt } from '~/api/auth'
import type { Client } from '~/api/client'
import { createHttp } from '~/api/http'
import { Problem } from '~/api/problem'
import { browserSurroundings } from '~/api/realtime/browser'
import { Realtime } from '~/api/realtime/realtime'
import { Roster } from '~/api/roster'
import { createServer } from '~/api/server'
import { aloneAmongWindows, Tokens } from '~/api/tokens'
import type { SignedIn } from '~/api/types'
import { noteEnded } from '~/lib/connection'

import { watchActivity } from './activity'
import { startFeed } from './feed'
import { awaitFirstReady } from './first-ready'

/** Says that a cookie is worth trying; without it the sign-in page appears at once. */
const HINT = 'confab.signed-in'
const RETRY_MS = 3_000

export type SessionState =
  | { status: 'starting' }
  | { status: 'out' }
  | { status: 'in'; client: Client; cache: QueryClient; expired: boolean }

export const useSession = create<{ session: SessionState }>(() => ({ session: { status: 'starting' } }))

const enter = (session: SessionState) => useSession.setState({ session })
const windows = new BroadcastChannel('confab-session')
let stopAll: (() => void) | null = null
let realtime: Realtime | null = null

const tokens = new Tokens(
  {
    refresh,
    alone: aloneAmongWindows,
    now: Date.now,
    setTimer: (ring, after) => window.setTimeout(ring, after),
    clearTimer: (timer) => window.clearTimeout(timer),
  },
  {
    renewed: (token) => realtime?.take({ type: 'authorised', token }),
    expired: () => {
      localStorage.removeItem(HINT)
      realtime?.take({ type: 'stop' })
      noteEnded()
      const { session } = useSession.getState()
      enter(session.status === 'in' ? { ...session, expired: true } : { status: 'out' })
    },
  },
)

/** On opening the page: the cookie may still know us. An unreachable server is asked again; only a clear no ends it. */
export async function resumeSession(): Promise<void> {
  windows.onmessage = () => end()
  if (!localStorage.getItem(HINT)) return enter({ status: 'out' })
  try {
    begin(await tokens.renew(), null)
  } catch (problem) {
    const refused = problem instanceof Problem && problem.status < 500 && problem.status !== 429
    if (refused) enter({ status: 'out' })
    else setTimeout(() => void resumeSession(), RETRY_MS)
  }
}

export function signedIn({ answer, position }: SignedInAt): void {
  localStorage.setItem(HINT, 'yes')
  tokens.accept(answer)
  begin(answer, position)
}

function begin({ user }: SignedIn, position: number | null): void {
  stopAll?.()
  awaitFirstReady()
  const http = createHttp({ fresh: () => tokens.fresh(), refused: (token) => tokens.refused(token) })
  http.see(position)
  const cache = createCache()
  const live = new Realtime(browserSurroundings(user.id, (renew) => tokenOf(user.id, renew)))
  const server = createServer(http)
  const roster = new Roster(server, cache, user)
  const client: Client = { me: user, server, roster, realtime: live, signOut }
  const stopFeed = startFeed(client, cache, http)
  const stopActivity = watchActivity(live)
  realtime = live
  stopAll = () => {
    live.take({ type: 'stop' })
    stopFeed()
    stopActivity()
    roster.stop()
    cache.clear()
    noteEnded()
    realtime = null
    stopAll = null
  }
  void live.start()
  enter({ status: 'in', client, cache, expired: false })
}

/** Another window may have signed in as someone else meanwhile; then this page is about the wrong person. */
async function tokenOf(user: string, renew: boolean): Promise<string> {
  if (!renew) return tokens.fresh()
  const answer = await tokens.renew()
  if (answer.user.id !== user) window.location.reload()
  return answer.access_token
}

async function signOut(): Promise<void> {
  await logout().catch(() => undefined)
  windows.postMessage('signed out')
  end()
}

function end(): void {
  localStorage.removeItem(HINT)
  tokens.forget()
  stopAll?.()
  enter({ status: 'out' })
}

function createCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events keep the cache true; nothing is ever fetched because time has passed.
        staleTime: Infinity,
        gcTime: 30 * 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        retry: (count, problem) => count < 3 && (!(problem instanceof Problem) || problem.isPassing),
        retryDelay: (count, problem) => (problem instanceof Problem && problem.retryAfter) || Math.min(8_000, 500 * 2 ** count),
      },
    },
  })
}
