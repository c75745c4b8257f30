/** In the place of the composer while one looks at a channel from outside. */
import { words } from '~/lib/words'
import { Button } from '~/ui/Button'

import { useMembership } from './use-membership'

export function JoinBar({ conversation, name }: { conversation: string; name: string }) {
  const { join, busy } = useMembership(conversation, name)
  return (
    <div className="mx-5 mb-6 flex shrink-0 flex-wrap items-center justify-center gap-4 rounded-lg bg-context p-5">
      <p className="text-body font-bold text-strong">{words.conversation.preview(name)}</p>
      <Button look="primary" busy={busy} onClick={() => void join()}>
        {words.conversation.join}
      </Button>
    </div>
  )
}
