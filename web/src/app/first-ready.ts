/** Fetching waits a little for the live session, so that nothing can happen between an answer and the first event. */
import { useSyncExternalStore } from 'react'

/** A session that takes longer must not keep anyone from reading. */
const PATIENCE_MS = 2_500

let ready = false
let patience: ReturnType<typeof setTimeout> | null = null
const listeners = new Set<() => void>()

export function noteFirstReady(): void {
  if (patience) clearTimeout(patience)
  patience = null
  if (ready) return
  ready = true
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (!ready) patience ??= setTimeout(noteFirstReady, PATIENCE_MS)
  return () => listeners.delete(listener)
}

export function useMayFetch(): boolean {
  return useSyncExternalStore(subscribe, () => ready)
}

/** A new session begins: its first `ready` is awaited anew. */
export function awaitFirstReady(): void {
  ready = false
}
