/** Whether the live session stands, and how long it has been away: short breaks are nobody's business. */
import { create } from 'zustand'

export type Trouble = 'none' | 'reconnecting' | 'offline'

const RECONNECTING_AFTER_MS = 2_000
const OFFLINE_AFTER_MS = 10_000

interface Connection {
  live: boolean
  trouble: Trouble
}

export const useConnection = create<Connection>(() => ({ live: false, trouble: 'none' }))

let worsening: ReturnType<typeof setTimeout>[] = []

export function noteLive(live: boolean): void {
  if (!live && worsening.length > 0) return // The clock is running already.
  worsening.forEach(clearTimeout)
  worsening = []
  if (live) {
    useConnection.setState({ live, trouble: 'none' })
    return
  }
  useConnection.setState({ live })
  worsening = [
    setTimeout(() => useConnection.setState({ trouble: 'reconnecting' }), RECONNECTING_AFTER_MS),
    setTimeout(() => useConnection.setState({ trouble: 'offline' }), OFFLINE_AFTER_MS),
  ]
}

/** The session has ended on purpose: no connection is wanted, so none is missed. */
export function noteEnded(): void {
  worsening.forEach(clearTimeout)
  worsening = []
  useConnection.setState({ live: false, trouble: 'none' })
}
