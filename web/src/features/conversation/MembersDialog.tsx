/** Who belongs to a channel. */
import { useClient } from '~/api/client'
import { displayName } from '~/api/naming'
import { problemToWords } from '~/api/problem'
import { useMembers } from '~/api/queries'
import { usePeople } from '~/api/roster'
import type { Conversation, UserId } from '~/api/types'
import { usePresence } from '~/lib/presence'
import { words } from '~/lib/words'
import { Avatar } from '~/ui/Avatar'
import { Button } from '~/ui/Button'
import { Dialog } from '~/ui/Dialog'
import { PresenceDot } from '~/ui/PresenceDot'
import { MessageSkeleton } from '~/ui/states'

interface MembersDialogProps {
  conversation: Conversation
  onClose: () => void
}

export function MembersDialog({ conversation, onClose }: MembersDialogProps) {
  const members = useMembers(conversation.id)
  const people = usePeople((members.data ?? []).map(({ user }) => user))
  return (
    <Dialog open onClose={onClose} title={words.conversation.membersTitle} closeLabel={words.actions.close} width={580}>
      {members.data ? (
        <ul className="pb-6">
          {members.data.map(({ user }) => (
            <MemberRow key={user} user={user} name={displayName(people[user])} />
          ))}
        </ul>
      ) : members.error ? (
        <div role="alert" className="pb-6">
          <p className="mb-3">{problemToWords(members.error)}</p>
          <Button onClick={() => void members.refetch()}>{words.actions.tryAgain}</Button>
        </div>
      ) : (
        <MessageSkeleton rows={3} label={words.frame.loading} />
      )}
    </Dialog>
  )
}

function MemberRow({ user, name }: { user: UserId; name: string }) {
  const { me } = useClient()
  const presence = usePresence(user)
  return (
    <li className="flex h-14 items-center gap-3">
      <Avatar id={user} name={name} size={36} />
      <span className="truncate font-bold text-strong">{name}</span>
      {user === me.id && <span className="text-fg-2">{words.sidebar.you}</span>}
      <PresenceDot active={presence === 'active'} label={words.presence[presence]} size={9} />
    </li>
  )
}
