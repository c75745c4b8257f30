/** Access tokens: renewed in time, one renewal at a time, the session's end told once. */
import { describe, expect, it, vi } from 'vitest'

import { Problem } from './problem'
import { Tokens } from './tokens'
import type { SignedIn } from './types'

const answer = (token: string): SignedIn => ({ user: { id: 'ann' } as SignedIn['user'], access_token: token, expires_in: 900 })
const problem = (status: number, code: string) => new Problem({ status, code, title: code })

function bench(refresh: () => Promise<SignedIn>) {
  let now = 0
  const rings: { ring: () => void; after: number }[] = []
  const listener = { renewed: vi.fn(), expired: vi.fn() }
  const tokens = new Tokens(
    {
      refresh,
      alone: (work) => work(),
      now: () => now,
      setTimer: (ring, after) => {
        if (after < 1000) queueMicrotask(ring)
        return rings.push({ ring, after })
      },
      clearTimer: () => undefined,
    },
    listener,
  )
  return { tokens, listener, rings, pass: (ms: number) => (now += ms) }
}

describe('Tokens', () => {
  it('gives the same token until a minute before its end', async () => {
    const refresh = vi.fn(() => Promise.resolve(answer('two')))
    const { tokens, pass, rings } = bench(refresh)
    tokens.accept(answer('one'))
    expect(rings[0]?.after).toBe(840_000)
    expect(await tokens.fresh()).toBe('one')
    pass(840_001)
    expect(await tokens.fresh()).toBe('two')
    expect(refresh).toHaveBeenCalledTimes(1)
  })

  it('renews once for all who ask at the same time', async () => {
    const refresh = vi.fn(() => Promise.resolve(answer('new')))
    const { tokens, listener } = bench(refresh)
    expect(await Promise.all([tokens.fresh(), tokens.fresh(), tokens.fresh()])).toEqual(['new', 'new', 'new'])
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(listener.renewed).toHaveBeenCalledTimes(1)
  })

  it('a refused token is not given again', async () => {
    const { tokens } = bench(() => Promise.resolve(answer('two')))
    tokens.accept(answer('one'))
    tokens.refused('another')
    expect(await tokens.fresh()).toBe('one')
    tokens.refused('one')
    expect(await tokens.fresh()).toBe('two')
  })

  it('the end of the session is told; a server that is away is not the end', async () => {
    const ended = bench(() => Promise.reject(problem(401, 'session_expired')))
    await expect(ended.tokens.fresh()).rejects.toThrow()
    expect(ended.listener.expired).toHaveBeenCalledTimes(1)
    const away = bench(() => Promise.reject(problem(503, 'event_store_unavailable')))
    await expect(away.tokens.fresh()).rejects.toThrow()
    expect(away.listener.expired).not.toHaveBeenCalled()
  })

  it('a token that another window has just rotated is asked for again', async () => {
    const refresh = vi.fn<() => Promise<SignedIn>>().mockRejectedValueOnce(problem(409, 'refresh_superseded')).mockResolvedValue(answer('newest'))
    expect(await bench(refresh).tokens.fresh()).toBe('newest')
    expect(refresh).toHaveBeenCalledTimes(2)
  })
})
