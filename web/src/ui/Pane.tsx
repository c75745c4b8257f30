/** A part of the page that may fail alone: its error stays inside, and the rest goes on. */
import type { ReactNode } from 'react'
import { ErrorBoundary } from 'react-error-boundary'

import { words } from '~/lib/words'

import { Button } from './Button'
import { ErrorState } from './states'

export function Pane({ children }: { children: ReactNode }) {
  return (
    <ErrorBoundary
      fallbackRender={({ resetErrorBoundary }) => (
        <ErrorState
          title={words.errors.paneTitle}
          text={words.problems.unknown}
          action={<Button onClick={resetErrorBoundary}>{words.actions.tryAgain}</Button>}
        />
      )}
    >
      {children}
    </ErrorBoundary>
  )
}
