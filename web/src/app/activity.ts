/** Notices when the person has gone: ten minutes without a sign make her away, the next sign brings her back. */
import { create } from 'zustand'

import type { Realtime } from '~/api/realtime/realtime'

const IDLE_AFTER_MS = 10 * 60_000
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'visibilitychange'] as const

interface Activity {
  /** Chosen by hand; it holds until taken back. */
  manual: boolean
  idle: boolean
}

export const useActivity = create<Activity>(() => ({ manual: false, idle: false }))

export function watchActivity(realtime: Realtime): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const rest = () => useActivity.setState({ idle: true })
  const sign = () => {
    clearTimeout(timer)
    timer = setTimeout(rest, IDLE_AFTER_MS)
    if (useActivity.getState().idle) useActivity.setState({ idle: false })
  }
  const stop = useActivity.subscribe((now, before) => {
    const away = now.manual || now.idle
    if (away !== (before.manual || before.idle)) realtime.take({ type: 'presence', state: away ? 'away' : 'active' })
  })
  const online = () => realtime.take({ type: 'network', online: true })
  const offline = () => realtime.take({ type: 'network', online: false })
  sign()
  for (const name of SIGNS) document.addEventListener(name, sign, { passive: true })
  window.addEventListener('online', online)
  window.addEventListener('offline', offline)
  return () => {
    clearTimeout(timer)
    stop()
    for (const name of SIGNS) document.removeEventListener(name, sign)
    window.removeEventListener('online', online)
    window.removeEventListener('offline', offline)
    useActivity.setState({ manual: false, idle: false })
  }
}
