/** A labelled text field with its error below; the label is always there for everyone. */
import { clsx } from 'clsx'
import { CircleAlert } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId } from 'react'

interface FieldProps extends ComponentProps<'input'> {
  label: string
  error?: string
  note?: ReactNode
  /** Sits inside the field, before or after the text. */
  lead?: ReactNode
  trail?: ReactNode
  big?: boolean
}

export function Field({ label, error, note, lead, trail, big = false, className, ...others }: FieldProps) {
  const id = useId()
  const below = error ? `${id}-error` : note ? `${id}-note` : undefined
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-body font-bold text-strong">
        {label}
      </label>
      <div
        className={clsx(
          'flex items-center gap-2 rounded-lg border bg-bg px-3 has-[input:focus-visible]:border-transparent has-[input:focus-visible]:shadow-[0_0_0_1px_var(--focus),0_0_0_5px_var(--halo)]',
          error ? 'border-danger' : 'border-line-2',
        )}
      >
        {lead}
        <input
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={below}
          {...others}
          className={clsx(
            'min-w-0 flex-1 bg-transparent text-fg outline-none placeholder:text-fg-3 focus-visible:shadow-none',
            big ? 'h-[42px] text-title' : 'h-[34px] text-body',
          )}
        />
        {trail}
      </div>
      {error ? (
        <p id={`${id}-error`} className="mt-1 flex items-start gap-1 text-caption text-danger-text">
          <CircleAlert size={16} className="mt-px shrink-0" aria-hidden />
          {error}
        </p>
      ) : (
        note && (
          <div id={`${id}-note`} className="mt-1 text-caption text-fg-2">
            {note}
          </div>
        )
      )}
    </div>
  )
}
