/** Tells when the live session is away: first a thin bar, then a banner with a way to hurry. */
import { useEffect, useRef } from 'react'

import { useClient } from '~/api/client'
import { useConnection } from '~/lib/connection'
import { words } from '~/lib/words'
import { Spinner } from '~/ui/Spinner'
import { toast } from '~/ui/toast'

/** On top of the card, after ten seconds. */
export function OfflineBanner() {
  const { realtime } = useClient()
  const trouble = useConnection((connection) => connection.trouble)
  useWelcomeBack(trouble === 'offline')
  if (trouble !== 'offline') return null
  return (
    <div role="alert" data-offline-banner className="flex min-h-10 shrink-0 items-center justify-center gap-3 bg-warn px-4 text-caption font-bold text-[#1d1c1d]">
      {words.connection.offline}
      <button type="button" className="underline" onClick={() => realtime.take({ type: 'reconnect_now' })}>
        {words.actions.tryNow}
      </button>
    </div>
  )
}

/** Under the header, after two seconds. */
export function ReconnectingBar() {
  const trouble = useConnection((connection) => connection.trouble)
  if (trouble !== 'reconnecting') return null
  return (
    <div role="status" data-reconnecting className="flex h-6 shrink-0 items-center justify-center gap-2 bg-bg-2 text-micro text-fg-2">
      <Spinner size={12} />
      {words.connection.reconnecting}
    </div>
  )
}

function useWelcomeBack(offline: boolean): void {
  const was = useRef(false)
  useEffect(() => {
    if (was.current && !offline && useConnection.getState().live) toast.success(words.connection.back)
    was.current = offline
  }, [offline])
}
