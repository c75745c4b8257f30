/** Signing up, in and out. The refresh token lives in an HttpOnly cookie that only these routes see. */
import { routes } from '~/lib/paths'

import { ask } from './http'
import type { Credentials, Position, Registration, SignedIn } from './types'

/** Browsers say so, and get the refresh token as a cookie; the header also keeps foreign pages from using it. */
const browser = { 'Confab-Client': 'web' }

export interface SignedInAt {
  answer: SignedIn
  position: Position | null
}

export function register(registration: Registration): Promise<SignedInAt> {
  return ask<SignedIn>(routes.register, { method: 'POST', body: registration, headers: browser })
}

export function login(credentials: Credentials): Promise<SignedInAt> {
  return ask<SignedIn>(routes.login, { method: 'POST', body: credentials, headers: browser })
}

export async function refresh(): Promise<SignedIn> {
  return (await ask<SignedIn>(routes.refresh, { method: 'POST', body: {}, headers: browser })).answer
}

export async function logout(): Promise<void> {
  await ask<undefined>(routes.logout, { method: 'POST', body: {}, headers: browser })
}
