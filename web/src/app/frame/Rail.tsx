/** The rail: the workspace, the tabs, and at the bottom what I can make and who I am. */
import { Ellipsis, Hash, House, MessagesSquare, Plus, UsersRound } from 'lucide-react'
import { useLocation, useNavigate } from 'react-router'

import { useConversations } from '~/api/queries'
import { APP_NAME } from '~/lib/app-name'
import { pages } from '~/lib/paths'
import { words } from '~/lib/words'
import { Menu, MenuItem } from '~/ui/Menu'

import { useUnread } from '../use-unread'
import { RailButton, RailTab } from './RailTab'
import { UserMenu } from './UserMenu'
import { useSidebarView } from './sidebar-view'

export function Rail({ onCreateChannel }: { onCreateChannel: () => void }) {
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const view = useSidebarView()
  const unread = useUnread(useConversations().data)
  const elsewhere = pathname === pages.channels || pathname === pages.people
  return (
    <nav aria-label={words.frame.railLabel} className="flex h-full flex-col items-center">
      <span aria-hidden title={words.workspace} className="mt-[7px] flex size-9 items-center justify-center rounded-lg bg-badge text-title font-black text-badge-fg">
        {APP_NAME.slice(0, 1)}
      </span>
      <div className="mt-[26px] flex flex-col">
        <RailTab to={pages.client} icon={House} label={words.frame.home} active={view === 'home' && !elsewhere} dot={unread.channels} />
        <RailTab to={pages.directMessages} icon={MessagesSquare} label={words.frame.dms} active={view === 'dms' && !elsewhere} count={unread.directs} />
        <Menu label={words.frame.more} side="right" trigger={<RailButton icon={Ellipsis} label={words.frame.more} active={elsewhere} />}>
          <MenuItem icon={<UsersRound size={18} strokeWidth={1.75} aria-hidden />} onSelect={() => void navigate(pages.people)}>
            {words.frame.people}
          </MenuItem>
          <MenuItem icon={<Hash size={18} strokeWidth={1.75} aria-hidden />} onSelect={() => void navigate(pages.channels)}>
            {words.frame.channels}
          </MenuItem>
        </Menu>
      </div>
      <div className="mt-auto mb-6 flex flex-col gap-4">
        <Menu
          label={words.frame.createNew}
          side="right"
          align="end"
          trigger={
            <button
              type="button"
              aria-label={words.frame.createNew}
              className="flex size-9 items-center justify-center rounded-full bg-chrome-tile text-chrome-strong hover:bg-chrome-hover"
            >
              <Plus size={20} strokeWidth={1.75} aria-hidden />
            </button>
          }
        >
          <MenuItem onSelect={() => void navigate(pages.people)}>{words.frame.message}</MenuItem>
          <MenuItem onSelect={onCreateChannel}>{words.frame.channel}</MenuItem>
        </Menu>
        <UserMenu />
      </div>
    </nav>
  )
}
