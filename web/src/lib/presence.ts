/** Who is active. People on screen are watched; their state arrives over the socket. */
import { useEffect } from 'react'
import { create } from 'zustand'

type State = 'active' | 'away' | 'offline'

interface Presence {
  states: Readonly<Record<string, State>>
  /** How many places on screen show each person. */
  watched: Readonly<Record<string, number>>
}

export const usePresenceStore = create<Presence>(() => ({ states: {}, watched: {} }))

export function setPresence(user: string, state: State): void {
  usePresenceStore.setState(({ states }) => (states[user] === state ? {} : { states: { ...states, [user]: state } }))
}

/** An answer knows how people were when it was made; the socket knows better as soon as it speaks. */
export function seedPresence(people: readonly { id: string; presence: State }[]): void {
  const { states } = usePresenceStore.getState()
  for (const { id, presence } of people) if (states[id] === undefined) setPresence(id, presence)
}

export function forgetPresence(): void {
  usePresenceStore.setState({ states: {} })
}

function watch(user: string, by: 1 | -1): void {
  usePresenceStore.setState(({ watched }) => {
    const count = (watched[user] ?? 0) + by
    const { [user]: _gone, ...others } = watched
    return { watched: count > 0 ? { ...others, [user]: count } : others }
  })
}

/** The live state of one person, watched for as long as it is shown. Offline until the server says otherwise. */
export function usePresence(user: string): State {
  useEffect(() => {
    watch(user, 1)
    return () => watch(user, -1)
  }, [user])
  return usePresenceStore(({ states }) => states[user] ?? 'offline')
}
