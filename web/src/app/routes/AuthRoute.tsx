/** Signing in and signing up: outside the frame; whoever is signed in already goes where she wanted to. */
import { lazy, type ReactNode, Suspense } from 'react'
import { Navigate, useLocation } from 'react-router'

import type { SignedInAt } from '~/api/auth'
import { displayName } from '~/api/naming'
import { pages } from '~/lib/paths'
import { words } from '~/lib/words'
import { toast } from '~/ui/toast'

import { BootFrame } from '../frame/BootFrame'
import { signedIn, useSession } from '../session'

// Forms and their checks are needed here only, and not by those who are signed in already.
const SignIn = lazy(async () => ({ default: (await import('~/features/auth/SignIn')).SignIn }))
const SignUp = lazy(async () => ({ default: (await import('~/features/auth/SignUp')).SignUp }))

function Outside({ children }: { children: ReactNode }) {
  const status = useSession(({ session }) => session.status)
  const location = useLocation()
  const wanted = (location.state as { from?: string } | null)?.from ?? pages.client
  if (status === 'starting') return <BootFrame />
  return status === 'in' ? <Navigate to={wanted} replace /> : <Suspense>{children}</Suspense>
}

export function SignInRoute() {
  const enter = (answer: SignedInAt) => {
    toast.success(words.auth.signedIn)
    signedIn(answer)
  }
  return (
    <Outside>
      <title>{words.auth.signInTitle}</title>
      <SignIn onSignedIn={enter} />
    </Outside>
  )
}

export function SignUpRoute() {
  const enter = (answer: SignedInAt) => {
    toast.success(words.auth.welcome(displayName(answer.answer.user)))
    signedIn(answer)
  }
  return (
    <Outside>
      <title>{words.auth.createAccount}</title>
      <SignUp onSignedIn={enter} />
    </Outside>
  )
}
