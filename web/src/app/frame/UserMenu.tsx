/** My own picture and what I can do about myself. */
import { useClient } from '~/api/client'
import { displayName } from '~/api/naming'
import { type ColourMode, setColourMode, useColourMode } from '~/lib/preferences'
import { useConnection } from '~/lib/connection'
import { words } from '~/lib/words'
import { Avatar } from '~/ui/Avatar'
import { Menu, MenuChoice, MenuDivider, MenuItem } from '~/ui/Menu'
import { PresenceDot } from '~/ui/PresenceDot'

import { useActivity } from '../activity'

export const colourModes: readonly (readonly [ColourMode, string])[] = [
  ['light', words.frame.light],
  ['dark', words.frame.dark],
  ['system', words.frame.system],
]

export function useOwnPresence(): boolean {
  const live = useConnection((connection) => connection.live)
  const { manual, idle } = useActivity()
  return live && !manual && !idle
}

export function UserMenu() {
  const { me, signOut } = useClient()
  const active = useOwnPresence()
  const away = useActivity(({ manual }) => manual)
  const mode = useColourMode((colours) => colours.mode)
  const name = displayName(me)
  const state = active ? words.presence.active : words.presence.away
  return (
    <Menu
      label={words.frame.userMenu}
      side="right"
      align="end"
      width={300}
      trigger={
        <button type="button" aria-label={words.frame.userMenu} className="relative flex size-9 rounded-lg">
          <Avatar id={me.id} name={name} size={36} />
          <span className="absolute -right-1 -bottom-1 rounded-full bg-window p-[3px]">
            <PresenceDot active={active} label={state} size={9} chrome />
          </span>
        </button>
      }
    >
      <div className="flex items-center gap-3 px-6 pb-2">
        <Avatar id={me.id} name={name} size={36} />
        <div className="min-w-0">
          <p className="truncate font-black text-strong">{name}</p>
          <p className="flex items-center gap-1.5 text-caption text-fg-2">
            <PresenceDot active={active} label={state} size={9} />
            {state}
          </p>
        </div>
      </div>
      <MenuDivider />
      <MenuItem onSelect={() => useActivity.setState({ manual: !away })}>{away ? words.frame.setActive : words.frame.setAway}</MenuItem>
      <MenuDivider />
      <p className="px-6 pb-1 text-caption font-bold text-fg-2">{words.frame.colours}</p>
      <MenuChoice label={words.frame.colours} value={mode} choices={colourModes} onChange={setColourMode} />
      <MenuDivider />
      <MenuItem onSelect={() => void signOut()}>{words.frame.signOut}</MenuItem>
    </Menu>
  )
}
