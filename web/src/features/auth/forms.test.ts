/** What the forms accept, and what they send. */
import { describe, expect, it } from 'vitest'

import { asPhone, signInForm, signUpForm, strengthOf, toCredentials, toRegistration } from './forms'

const faults = (values: object) => {
  const result = signUpForm.safeParse({ name: 'Ann', identifier: 'ann@example.com', password: 'long enough', ...values })
  return result.success ? [] : result.error.issues.map(({ path }) => path[0])
}

describe('sign-up', () => {
  it('B07 accepts an email or a phone number', () => {
    expect(faults({})).toEqual([])
    expect(faults({ identifier: '+44 20 7946-0000' })).toEqual([])
  })

  it.each([
    ['name', { name: '   ' }],
    ['name', { name: 'x'.repeat(81) }],
    ['identifier', { identifier: '' }],
    ['identifier', { identifier: 'ann@' }],
    ['identifier', { identifier: '020 7946 0000' }],
    ['password', { password: 'short' }],
    ['password', { password: 'x'.repeat(129) }],
    ['password', { password: 'Ann@Example.com' }],
  ])('refuses a bad %s: %j', (field, values) => expect(faults(values)).toEqual([field]))

  it('E01 sends the phone number bare, and only one of the two', () => {
    expect(toRegistration({ name: ' Ann ', identifier: '+44 (20) 7946-0000', password: 'p' })).toEqual({ name: 'Ann', phone: '+442079460000', password: 'p' })
    expect(toRegistration({ name: 'Ann', identifier: ' ann@example.com ', password: 'p' })).toEqual({ name: 'Ann', email: 'ann@example.com', password: 'p' })
  })

  it('longer and more varied is stronger', () => {
    const levels = ['short', 'aaaaaaaa', 'aaaaaaaA1', 'aaaaaaaA1!', 'correct horse battery staple'].map(strengthOf)
    expect(levels).toEqual([0, 1, 2, 3, 4])
  })
})

describe('sign-in', () => {
  it('does not judge the length of a password', () => {
    expect(signInForm.safeParse({ identifier: 'ann@example.com', password: 'x' }).success).toBe(true)
    expect(signInForm.safeParse({ identifier: 'ann@example.com', password: '' }).success).toBe(false)
  })

  it('knows a phone number however it is written', () => {
    expect(toCredentials({ identifier: '+1 555.010.0000', password: 'p' }).identifier).toBe('+15550100000')
    expect(asPhone('+0123456789')).toBeNull()
  })
})
