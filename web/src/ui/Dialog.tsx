/** A modal: header, body, footer; full screen on small windows. Focus is trapped and given back. */
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  closeLabel: string
  width?: number
  footer?: ReactNode
  children: ReactNode
}

export function Dialog({ open, onClose, title, closeLabel, width = 520, footer, children }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-[1052] bg-backdrop" />
        <Base.Popup
          className="fixed inset-0 z-[1053] flex flex-col bg-bg text-fg outline-none sm:inset-auto sm:top-1/2 sm:left-1/2 sm:max-h-[85dvh] sm:w-(--dialog-width) sm:-translate-1/2 sm:rounded-lg sm:shadow-modal"
          style={{ '--dialog-width': `${width}px` } as React.CSSProperties}
        >
          <header className="relative shrink-0 px-7 pt-5 pr-16">
            <Base.Title className="text-modal font-black text-strong">{title}</Base.Title>
            <Base.Close
              aria-label={closeLabel}
              className="absolute top-4 right-4 inline-flex size-9 items-center justify-center rounded-lg text-fg-2 hover:bg-hover"
            >
              <X size={20} aria-hidden />
            </Base.Close>
          </header>
          <div className="scrolls min-h-0 flex-1 px-7 pt-3 pb-1">{children}</div>
          {footer && <footer className="flex shrink-0 justify-end gap-3 px-7 py-6">{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
