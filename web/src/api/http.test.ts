/** Requests: tokens, problems, reading one's own writes. */
import { afterEach, describe, expect, it, vi } from 'vitest'

import { createHttp } from './http'
import { Problem, problemToWords, Unreachable } from './problem'

function serve(...answers: (Response | Error)[]) {
  const fetch = vi.fn((_path: string, _options: RequestInit) => {
    const next = answers.shift()
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next ?? Response.json({}))
  })
  vi.stubGlobal('fetch', fetch)
  return fetch
}

const refusal = (status: number, code: string, headers: Record<string, string> = {}) =>
  Response.json({ type: 'about:blank', title: 'Server words.', status, code, request_id: 'r1' }, { status, headers })

const http = (fresh = () => Promise.resolve('token')) => createHttp({ fresh, refused: () => undefined })

afterEach(() => vi.unstubAllGlobals())

describe('createHttp', () => {
  it('asks reads to be as new as the newest write', async () => {
    const fetch = serve(Response.json({ id: 'x' }, { headers: { 'Confab-Position': '42' } }), Response.json({}), Response.json({}))
    const { call, see } = http()
    await call('/v1/x', { method: 'POST', body: {} })
    await call('/v1/y')
    see(50)
    await call('/v1/z')
    const minimum = fetch.mock.calls.map(([, options]) => (options.headers as Record<string, string>)['Confab-Min-Position'])
    expect(minimum).toEqual([undefined, '42', '50'])
  })

  it('after a reset reads need be no newer than its place, whatever was seen before or is still on its way', async () => {
    let late: (answer: Response) => void = () => undefined
    const answers = [new Promise<Response>((resolve) => (late = resolve)), Response.json({}), Response.json({})]
    const fetch = vi.fn((_path: string, _options: RequestInit) => Promise.resolve(answers.shift() ?? Response.json({})))
    vi.stubGlobal('fetch', fetch)
    const { call, see, reset, seen } = http()
    see(900)
    const before = call('/v1/before')
    await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(1))
    reset(7)
    await call('/v1/after')
    late(Response.json({}, { headers: { 'Confab-Position': '900' } }))
    await before
    expect(seen()).toBe(7)
    see(8)
    await call('/v1/later')
    const minimum = fetch.mock.calls.map(([, options]) => (options.headers as Record<string, string>)['Confab-Min-Position'])
    expect(minimum).toEqual(['900', '7', '8'])
  })

  it('renews an expired token and repeats the request, once', async () => {
    const tokens = ['old', 'new', 'newer']
    const fetch = serve(refusal(401, 'token_expired'), Response.json({ ok: true }))
    expect(await http(() => Promise.resolve(tokens.shift() ?? '')).call('/v1/x')).toEqual({ ok: true })
    expect((fetch.mock.calls[1]?.[1].headers as Record<string, string>).Authorization).toBe('Bearer new')
    serve(refusal(401, 'token_expired'), refusal(401, 'token_expired'), Response.json({ ok: true }))
    await expect(http().call('/v1/x')).rejects.toBeInstanceOf(Problem)
  })

  it('turns refusals into problems with code, pause and request id', async () => {
    serve(refusal(503, 'views_behind', { 'Retry-After': '2' }))
    const problem = await http().call('/v1/x').catch((caught: unknown) => caught as Problem)
    expect(problem).toMatchObject({ status: 503, code: 'views_behind', retryAfter: 2000, requestId: 'r1', isPassing: true })
  })

  it('survives an answer that is not JSON', async () => {
    serve(new Response('<html>', { status: 502, statusText: 'Bad Gateway' }))
    await expect(http().call('/v1/x')).rejects.toMatchObject({ status: 502, code: 'http_502' })
  })

  it('no answer at all is its own kind', async () => {
    serve(new TypeError('Failed to fetch'))
    const caught = await http().call('/v1/x').catch((problem: unknown) => problem)
    expect(caught).toBeInstanceOf(Unreachable)
    expect(problemToWords(caught)).toMatch(/Couldn't reach/)
  })
})

it('known codes have our words, others the server’s', () => {
  expect(problemToWords(new Problem({ status: 401, code: 'invalid_credentials', title: 'x' }))).toMatch(/do not match/)
  expect(problemToWords(new Problem({ status: 418, code: 'teapot', title: 'Short and stout.' }))).toBe('Short and stout.')
  expect(problemToWords(new Error('secret detail'))).not.toContain('secret')
})
