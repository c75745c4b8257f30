/** Tells the server whose presence is on screen, a moment after it changed. */
import type { Realtime } from '~/api/realtime/realtime'
import { usePresenceStore } from '~/lib/presence'

/** The server accepts no longer list. */
const MOST_WATCHED = 500
const WATCH_AFTER_MS = 100

export function watchOnScreen(realtime: Realtime): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let told = ''
  const tell = () => {
    const users = Object.keys(usePresenceStore.getState().watched).sort().slice(0, MOST_WATCHED)
    if (users.join() === told) return
    told = users.join()
    realtime.take({ type: 'watch', users })
  }
  const stop = usePresenceStore.subscribe(({ watched }, old) => {
    if (watched === old.watched) return
    clearTimeout(timer)
    timer = setTimeout(tell, WATCH_AFTER_MS)
  })
  return () => {
    stop()
    clearTimeout(timer)
  }
}
