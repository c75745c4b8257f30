/** The shapes of the sign-in and sign-up forms, and how they map to what the server wants. The server is the authority. */
import { z } from 'zod'

import { words } from '~/lib/words'

// Compiled checks need `new Function`, which the content security policy forbids.
z.config({ jitless: true })

const { invalid } = words.auth
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
/** E.164: a plus, the country code, at most fifteen digits. */
const PHONE = /^\+[1-9]\d{6,14}$/

/** Phone numbers are written with all sorts of marks between the digits. */
export function asPhone(typed: string): string | null {
  const bare = typed.replace(/[\s().-]/g, '')
  return PHONE.test(bare) ? bare : null
}

export function asEmail(typed: string): string | null {
  const bare = typed.trim()
  return EMAIL.test(bare) ? bare : null
}

const identifier = z
  .string()
  .trim()
  .min(1, { error: invalid.identifierMissing, abort: true })
  .refine((typed) => asPhone(typed) !== null || asEmail(typed) !== null, invalid.identifier)

export const signInForm = z.object({ identifier, password: z.string().min(1, invalid.passwordMissing) })

export const signUpForm = z
  .object({
    name: z.string().trim().min(1, invalid.name).max(80, invalid.nameLong),
    identifier,
    password: z.string().min(8, invalid.passwordShort).max(128, invalid.passwordLong),
  })
  .refine(({ name, identifier, password }) => isOther(password, name, identifier), { path: ['password'], message: invalid.passwordGuessable })

export type SignInForm = z.infer<typeof signInForm>
export type SignUpForm = z.infer<typeof signUpForm>

export function isOther(password: string, name: string, identifier: string): boolean {
  const lower = password.trim().toLowerCase()
  return ![name, identifier].some((word) => word.trim() !== '' && word.trim().toLowerCase() === lower)
}

export function toCredentials({ identifier, password }: SignInForm) {
  return { identifier: asPhone(identifier) ?? identifier.trim(), password }
}

export function toRegistration({ name, identifier, password }: SignUpForm) {
  const phone = asPhone(identifier)
  return { name: name.trim(), password, ...(phone ? { phone } : { email: identifier.trim() }) }
}

/** 0 too short … 4 strong: length counts most, variety a little. */
export function strengthOf(password: string): number {
  if (password.length < 8) return 0
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(password)).length
  const points = Math.floor((password.length - 8) / 4) + kinds
  return Math.min(4, Math.max(1, points - 1))
}
