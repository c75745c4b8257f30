/** A password with a button to see it and a warning about Caps Lock. */
import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, type KeyboardEvent, useState } from 'react'

import { words } from '~/lib/words'
import { Field } from '~/ui/Field'

export function PasswordField({ note, ...others }: ComponentProps<typeof Field>) {
  const [shown, show] = useState(false)
  const [caps, setCaps] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <Field
      {...others}
      type={shown ? 'text' : 'password'}
      onKeyUp={(event: KeyboardEvent) => setCaps(event.getModifierState('CapsLock'))}
      note={caps ? words.auth.capsLock : note}
      trail={
        <button
          type="button"
          aria-label={shown ? words.auth.hidePassword : words.auth.showPassword}
          aria-pressed={shown}
          onClick={() => show(!shown)}
          className="flex size-7 items-center justify-center rounded-lg text-fg-2 hover:bg-hover"
        >
          <Icon size={20} strokeWidth={1.75} aria-hidden />
        </button>
      }
    />
  )
}
