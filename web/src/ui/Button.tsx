/** Text buttons in three sizes. A busy button keeps its label and shows a spinner before it. */
import { clsx } from 'clsx'
import type { ComponentProps } from 'react'

import { Spinner } from './Spinner'

interface ButtonProps extends ComponentProps<'button'> {
  look?: 'primary' | 'outline' | 'danger' | 'sign-in'
  size?: 28 | 36 | 44
  busy?: boolean
}

const looks = {
  primary: 'bg-ok text-white hover:bg-ok-hover active:bg-ok-pressed',
  outline: 'border border-line-btn bg-bg text-fg hover:bg-bg-2',
  danger: 'bg-danger text-white hover:bg-danger-text',
  'sign-in': 'bg-[#611f69] text-white hover:bg-[#4a154b]',
}

const sizes = { 28: 'h-7 px-3 text-caption', 36: 'h-9 px-3 text-body', 44: 'h-11 px-4 text-title' }

export function Button({ look = 'outline', size = 36, busy = false, className, children, disabled, ...others }: ButtonProps) {
  const idle = disabled && !busy
  return (
    <button
      type="button"
      {...others}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={clsx(
        'inline-flex shrink-0 items-center justify-center gap-2 rounded-lg font-bold whitespace-nowrap transition-colors duration-[80ms]',
        idle ? 'cursor-not-allowed bg-bg-3 text-fg-3' : looks[look],
        sizes[size],
        className,
      )}
    >
      {busy && <Spinner />}
      {children}
    </button>
  )
}
