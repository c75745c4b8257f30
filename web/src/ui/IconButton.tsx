/** A square button with an icon; its name is a tooltip and what assistive technology reads. */
import { clsx } from 'clsx'
import type { ComponentProps } from 'react'

import { Tooltip } from './Tooltip'

interface IconButtonProps extends ComponentProps<'button'> {
  label: string
  size?: 24 | 28 | 36
  chrome?: boolean
}

const sizes = { 24: 'size-6', 28: 'size-7', 36: 'size-9' }

export function IconButton({ label, size = 28, chrome = false, className, children, ...others }: IconButtonProps) {
  return (
    <Tooltip label={label}>
      <button
        type="button"
        aria-label={label}
        {...others}
        className={clsx(
          'inline-flex shrink-0 items-center justify-center rounded-lg transition-colors duration-[80ms] disabled:cursor-default disabled:opacity-40',
          chrome ? 'text-chrome-text enabled:hover:bg-chrome-hover' : 'text-fg-2 enabled:hover:bg-hover enabled:active:bg-pressed',
          sizes[size],
          className,
        )}
      >
        {children}
      </button>
    </Tooltip>
  )
}
