/** The workspace's name and its menu. */
import { ChevronDown } from 'lucide-react'
import { useNavigate } from 'react-router'

import { useClient } from '~/api/client'
import { pages } from '~/lib/paths'
import { words } from '~/lib/words'
import { Menu, MenuDivider, MenuItem } from '~/ui/Menu'

export function SidebarHeader({ onCreateChannel }: { onCreateChannel: () => void }) {
  const { signOut } = useClient()
  const navigate = useNavigate()
  return (
    <header data-sidebar-header className="flex h-[52px] shrink-0 items-center px-2 pane:h-[49px]">
      <Menu
        label={words.frame.workspaceMenu}
        trigger={
          <button type="button" className="flex h-8 min-w-0 items-center gap-0.5 rounded-lg px-2 text-title font-black text-chrome-strong hover:bg-chrome-hover">
            <span className="truncate">{words.workspace}</span>
            <ChevronDown size={20} strokeWidth={1.75} aria-hidden className="shrink-0" />
          </button>
        }
      >
        <MenuItem onSelect={onCreateChannel}>{words.sidebar.createChannel}</MenuItem>
        <MenuItem onSelect={() => void navigate(pages.channels)}>{words.sidebar.browseChannels}</MenuItem>
        <MenuItem onSelect={() => void navigate(pages.people)}>{words.frame.people}</MenuItem>
        <MenuDivider />
        <MenuItem onSelect={() => void signOut()}>{words.frame.signOut}</MenuItem>
      </Menu>
    </header>
  )
}
