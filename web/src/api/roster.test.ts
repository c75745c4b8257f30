/** The roster: who is shown is asked for, each once, together, and never the whole workspace. */
import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { usePresenceStore } from '~/lib/presence'

import { Problem, Unreachable } from './problem'
import { type People, Roster, rosterKey } from './roster'
import type { Page, User } from './types'

const user = (id: string): User => ({ id, name: id.toUpperCase(), role: 'member', presence: 'active', joined_at: '' })
const problem = (status: number) => new Problem({ status, code: 'x', title: '', request_id: '' })

function bench() {
  const asked: string[][] = []
  const answers: ((answer: Page<User> | Error) => void)[] = []
  const listUsers = (wanted: { ids: string } | { q: string }) => {
    asked.push('ids' in wanted ? wanted.ids.split(',') : ['a page!'])
    return new Promise<Page<User>>((resolve, reject) => {
      answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
    })
  }
  const cache = new QueryClient()
  const roster = new Roster({ listUsers }, cache, user('me'))
  const known = () => cache.getQueryData<People>(rosterKey) ?? {}
  /** The oldest question that waits is answered. */
  const answer = async (outcome: string[] | Error) => {
    answers.shift()?.(outcome instanceof Error ? outcome : { items: outcome.map(user) })
    await vi.advanceTimersByTimeAsync(0)
  }
  return { roster, cache, asked, answer, known, names: () => Object.values(known()).map((person) => person?.name) }
}

const tick = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => {
  vi.useFakeTimers()
  usePresenceStore.setState({ states: {}, watched: {} })
})
afterEach(() => vi.useRealTimers())

describe('the roster', () => {
  it('knows me, and asks for nobody by itself', async () => {
    const { asked, names } = bench()
    await tick()
    expect([asked, names()]).toEqual([[], ['ME']])
  })

  it('asks once for all who are shown in one moment, wherever, and for each of them once', async () => {
    const { roster, asked, answer, names } = bench()
    roster.show(['bo', 'me'])
    roster.show(['cy', 'bo'])
    await tick()
    roster.show(['bo'])
    await tick()
    expect(asked).toEqual([['bo', 'cy']])
    await answer(['bo', 'cy'])
    roster.show(['cy'])
    await tick()
    expect([asked.length, names()]).toEqual([1, ['ME', 'BO', 'CY']])
  })

  it('asks for a hundred at a time', async () => {
    const { roster, asked } = bench()
    roster.show(Array.from({ length: 250 }, (_, number) => `p${number}`))
    await tick()
    expect(asked.map((ids) => ids.length)).toEqual([100, 100, 50])
    expect(new Set(asked.flat()).size).toBe(250)
  })

  it('who does not exist is known not to, and not asked for again', async () => {
    const { roster, asked, answer, known } = bench()
    roster.show(['ghost'])
    await tick()
    await answer([])
    roster.show(['ghost'])
    await tick()
    expect([asked.length, known()]).toMatchObject([1, { ghost: null }])
    roster.change('ghost', user('ghost'))
    expect(known()).toMatchObject({ ghost: { name: 'GHOST' } })
  })

  it('a question that fails is asked again, later each time, and by the next place if it was refused', async () => {
    const { roster, asked, answer, names } = bench()
    roster.show(['bo'])
    await tick()
    await answer(new Unreachable('no answer'))
    await vi.advanceTimersByTimeAsync(499)
    expect(asked.length).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    await answer(problem(503))
    await vi.advanceTimersByTimeAsync(1_000)
    await answer(problem(400))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked.length).toBe(3)
    roster.show(['bo'])
    await tick()
    await answer(['bo'])
    expect(names()).toEqual(['ME', 'BO'])
  })

  it('what changes about somebody who is under way is not lost; of who is not shown nothing is kept', async () => {
    const { roster, answer, known } = bench()
    roster.show(['bo', 'new'])
    await tick()
    roster.change('bo', { status: { emoji: '🌴', text: '' } })
    roster.change('new', { id: 'new', name: 'New', joined_at: '' })
    roster.change('elsewhere', user('elsewhere'))
    await answer(['bo'])
    expect(known()).toMatchObject({ bo: { name: 'BO', status: { emoji: '🌴' } }, new: { name: 'New' } })
    expect(known()).not.toHaveProperty('elsewhere')
    roster.change('bo', { status: null })
    expect(known()).toMatchObject({ bo: { name: 'BO', status: null } })
  })

  it('after a gap asks again for who is shown, keeps their names meanwhile, and forgets the rest', async () => {
    const { roster, asked, answer, names } = bench()
    const hide = roster.show(['gone'])
    roster.show(['bo'])
    await tick()
    await answer(['gone', 'bo'])
    roster.show(['late'])
    await tick()
    hide()
    roster.distrust()
    await tick()
    expect([asked.at(-1), names()]).toEqual([['bo', 'late'], ['BO']])
    await answer(['late'])
    expect(names(), 'an answer from before the gap').toEqual(['BO'])
    await answer(['bo', 'late'])
    expect(names()).toEqual(['BO', 'LATE'])
  })

  it('C12 presence over the socket is believed more than what came with a name', async () => {
    const { roster, answer } = bench()
    usePresenceStore.setState({ states: { bo: 'away' } })
    roster.show(['bo', 'cy'])
    await tick()
    await answer(['bo', 'cy'])
    expect(usePresenceStore.getState().states).toEqual({ bo: 'away', cy: 'active' })
  })

  it('says nothing more once it is stopped', async () => {
    const { roster, asked, answer, names } = bench()
    roster.show(['bo'])
    await tick()
    roster.stop()
    await answer(['bo'])
    roster.show(['cy'])
    roster.stop()
    await tick()
    expect([asked.length, names()]).toEqual([1, ['ME']])
  })
})
