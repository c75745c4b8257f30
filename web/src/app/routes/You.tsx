/** On small windows: who I am, how it looks, and the way out. */
import { clsx } from 'clsx'

import { useClient } from '~/api/client'
import { displayName } from '~/api/naming'
import { setColourMode, useColourMode } from '~/lib/preferences'
import { words } from '~/lib/words'
import { Avatar } from '~/ui/Avatar'
import { PresenceDot } from '~/ui/PresenceDot'

import { useActivity } from '../activity'
import { colourModes, useOwnPresence } from '../frame/UserMenu'

export function You() {
  const { me, signOut } = useClient()
  const active = useOwnPresence()
  const away = useActivity(({ manual }) => manual)
  const mode = useColourMode((colours) => colours.mode)
  const name = displayName(me)
  const row = 'flex h-12 w-full items-center rounded-md px-4 text-left text-body text-chrome-strong hover:bg-chrome-hover'
  return (
    <section aria-label={words.frame.you} className="scrolls h-full p-2 text-chrome-strong">
      <div className="flex items-center gap-3 px-4 py-5">
        <Avatar id={me.id} name={name} size={72} />
        <div className="min-w-0">
          <h2 className="truncate text-modal font-black">{name}</h2>
          <p className="flex items-center gap-1.5 text-caption text-chrome-text">
            <PresenceDot active={active} label={active ? words.presence.active : words.presence.away} size={9} chrome />
            {active ? words.presence.active : words.presence.away}
          </p>
        </div>
      </div>
      <button type="button" className={row} onClick={() => useActivity.setState({ manual: !away })}>
        {away ? words.frame.setActive : words.frame.setAway}
      </button>
      <div role="radiogroup" aria-label={words.frame.colours} className="mx-4 my-2 flex overflow-hidden rounded-lg border border-chrome-line">
        {colourModes.map(([value, label]) => (
          <button
            key={value}
            type="button"
            role="radio"
            aria-checked={mode === value}
            onClick={() => setColourMode(value)}
            className={clsx('h-11 flex-1 text-caption font-bold', mode === value ? 'bg-selected text-selected-fg' : 'text-chrome-strong')}
          >
            {label}
          </button>
        ))}
      </div>
      <button type="button" className={row} onClick={() => void signOut()}>
        {words.frame.signOut}
      </button>
    </section>
  )
}
