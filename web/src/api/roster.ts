/** The people known so far. Whoever is shown and not known yet is asked for, with everybody else of the same moment. */
import { type QueryClient, skipToken, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'

import { seedPresence } from '~/lib/presence'

import { useClient } from './client'
import { Problem } from './problem'
import type { Server } from './server'
import type { Person, User, UserId } from './types'

/** By id. `null`: was asked for, and there is no such person. */
export type People = Readonly<Record<UserId, Person | null>>

export const rosterKey = ['roster'] as const

/** The server takes no longer list. */
const MOST_AT_ONCE = 100
const ASK_AGAIN_MS = 500
const LONGEST_WAIT_MS = 30_000

const nobody: People = {}

export class Roster {
  private readonly server: Pick<Server, 'listUsers'>
  private readonly cache: QueryClient
  /** One list for each place on screen that shows people. */
  private readonly shown = new Set<readonly UserId[]>()
  /** Asked for at the end of this tick. */
  private wanted: UserId[] = []
  private readonly underWay = new Set<UserId>()
  /** What changed about people while they were under way: they may come as they were before. */
  private readonly heard = new Map<UserId, Partial<Person>>()
  private readonly timers = new Set<ReturnType<typeof setTimeout>>()
  /** Answers to questions of an earlier turn are not believed. */
  private turn = 0

  constructor(server: Pick<Server, 'listUsers'>, cache: QueryClient, me: Person) {
    this.server = server
    this.cache = cache
    cache.setQueryDefaults(rosterKey, { gcTime: Infinity })
    this.write(() => ({ [me.id]: me }))
  }

  /** These people are on screen, until what this gives is called. */
  show(ids: readonly UserId[]): () => void {
    this.shown.add(ids)
    this.want(ids)
    return () => void this.shown.delete(ids)
  }

  /** Somebody is known from elsewhere already. */
  meet(person: Person): void {
    this.write((people) => ({ ...people, [person.id]: person }))
  }

  /** Something about somebody is different now. Who was never shown stays unknown. */
  change(id: UserId, what: Partial<Person>): void {
    if (this.underWay.has(id)) this.heard.set(id, { ...this.heard.get(id), ...what })
    this.write((people) => (id in people ? { ...people, [id]: whole({ ...people[id], ...what }) } : people))
  }

  /** Changes may have been missed: who is shown is asked for again now, the rest when they are next shown. */
  distrust(): void {
    this.stop()
    const ids = [...new Set([...this.shown].flat())]
    this.write((people) => Object.fromEntries(ids.flatMap((id) => (people[id] ? [[id, people[id]]] : []))))
    this.ask(ids)
  }

  stop(): void {
    this.turn += 1
    this.timers.forEach(clearTimeout)
    this.timers.clear()
    this.wanted = []
    this.underWay.clear()
    this.heard.clear()
  }

  private want(ids: readonly UserId[]): void {
    const people = this.people()
    this.ask(ids.filter((id) => !(id in people) && !this.underWay.has(id)))
  }

  private ask(ids: readonly UserId[]): void {
    if (ids.length === 0) return
    if (this.wanted.length === 0) this.after(0, () => this.askForWanted())
    this.wanted.push(...ids)
    ids.forEach((id) => this.underWay.add(id))
  }

  private askForWanted(): void {
    const ids = this.wanted
    this.wanted = []
    for (let from = 0; from < ids.length; from += MOST_AT_ONCE) void this.fetch(ids.slice(from, from + MOST_AT_ONCE), ASK_AGAIN_MS)
  }

  private async fetch(ids: readonly UserId[], againAfter: number): Promise<void> {
    const { turn } = this
    try {
      const { items } = await this.server.listUsers({ ids: ids.join() })
      if (turn === this.turn) this.take(ids, items)
    } catch (problem) {
      if (turn === this.turn) this.failed(ids, problem, againAfter)
    }
  }

  private take(ids: readonly UserId[], users: readonly User[]): void {
    const came = new Map(users.map((user) => [user.id, user]))
    const now = ids.map((id) => [id, whole({ ...came.get(id), ...this.heard.get(id) })] as const)
    this.forget(ids)
    this.write((people) => ({ ...people, ...Object.fromEntries(now) }))
    seedPresence(users)
  }

  private failed(ids: readonly UserId[], problem: unknown, againAfter: number): void {
    if (problem instanceof Problem && !problem.isPassing) return this.forget(ids)
    const wait = Math.max(againAfter, (problem instanceof Problem && problem.retryAfter) || 0)
    this.after(wait, () => void this.fetch(ids, Math.min(LONGEST_WAIT_MS, againAfter * 2)))
  }

  private forget(ids: readonly UserId[]): void {
    for (const id of ids) {
      this.underWay.delete(id)
      this.heard.delete(id)
    }
  }

  private after(wait: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      act()
    }, wait)
    this.timers.add(timer)
  }

  private people(): People {
    return this.cache.getQueryData<People>(rosterKey) ?? nobody
  }

  private write(change: (people: People) => People): void {
    this.cache.setQueryData<People>(rosterKey, change(this.people()))
  }
}

/** A person, if enough of her is known to be one. */
function whole(parts: Partial<Person>): Person | null {
  return parts.name === undefined ? null : (parts as Person)
}

/** The people known so far, among them these as soon as the server has answered. */
export function usePeople(ids: Iterable<UserId>): People {
  const { roster } = useClient()
  const list = [...new Set(ids)].sort().join()
  useEffect(() => roster.show(list === '' ? [] : list.split(',')), [roster, list])
  return useQuery<People>({ queryKey: rosterKey, queryFn: skipToken }).data ?? nobody
}
