/** The one wrapper around `fetch`: bearer token, problems as errors, reading one's own writes. Knows no route. */
import { Problem, Unreachable } from './problem'
import type { Position, ProblemBody } from './types'

export interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  signal?: AbortSignal
  headers?: Record<string, string>
}

export interface TokenSource {
  /** A token that is good for a while; refreshes first when needed. */
  fresh: () => Promise<string>
  /** The server refused this one: forget it. */
  refused: (token: string) => void
}

/** A fetch that never hangs: a server that says nothing for this long counts as unreachable. */
const PATIENCE_MS = 15_000

export async function ask<T>(path: string, { method = 'GET', body, signal, headers }: Ask): Promise<{ answer: T; position: Position | null }> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  let response: Response
  try {
    response = await fetch(path, {
      method,
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new Unreachable('no answer', { cause })
  }
  if (!response.ok) throw await problemOf(response)
  const position = Number(response.headers.get('Confab-Position') ?? Number.NaN)
  const answer = (response.status === 204 ? undefined : await response.json()) as T
  return { answer, position: Number.isFinite(position) ? position : null }
}

async function problemOf(response: Response): Promise<Problem> {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN)
  const fallback: ProblemBody = { status: response.status, code: `http_${response.status}`, title: response.statusText }
  const body = (await response.json().catch(() => fallback)) as Partial<ProblemBody>
  return new Problem({ ...fallback, ...body, status: response.status }, Number.isFinite(seconds) ? seconds * 1000 : null)
}

/** Authorised requests of one signed-in person. Remembers the newest position seen, so no answer goes back in time. */
export function createHttp(tokens: TokenSource) {
  let seen: Position = 0
  /** How often all that was seen became worthless: an answer to an older question says nothing of now. */
  let resets = 0
  const see = (position: Position | null) => {
    if (position !== null && position > seen) seen = position
  }
  /** Goes on from here, be it back: a restored store does not reach what was seen of the one before it. */
  const reset = (position: Position) => {
    seen = position
    resets += 1
  }

  async function once<T>(path: string, options: Ask): Promise<T> {
    const token = await tokens.fresh()
    const asked = resets
    const headers: Record<string, string> = { ...options.headers, Authorization: `Bearer ${token}` }
    if ((options.method ?? 'GET') === 'GET' && seen > 0) headers['Confab-Min-Position'] = String(seen)
    try {
      const { answer, position } = await ask<T>(path, { ...options, headers })
      if (asked === resets) see(position)
      return answer
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 401) tokens.refused(token)
      throw problem
    }
  }

  /** A refused token is replaced and the request repeated, once. */
  async function call<T>(path: string, options: Ask = {}): Promise<T> {
    try {
      return await once<T>(path, options)
    } catch (problem) {
      if (problem instanceof Problem && problem.code === 'token_expired') return once<T>(path, options)
      throw problem
    }
  }

  return { call, see, reset, seen: () => seen }
}

export type Http = ReturnType<typeof createHttp>
