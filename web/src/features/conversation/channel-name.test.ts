/** Channel names as they are typed. */
import { expect, it } from 'vitest'

import { channelForm, slug } from './channel-name'

it('becomes a name while it is typed', () => {
  expect(slug('Plan  Budget: 2027!')).toBe('plan-budget-2027')
  expect(slug('under_score-dash')).toBe('under_score-dash')
  expect(slug('x'.repeat(100))).toHaveLength(80)
})

it('refuses what is none', () => {
  const valid = (name: string) => channelForm.safeParse({ name, description: '' }).success
  expect([valid('general'), valid(''), valid('With Space'), valid('x'.repeat(81))]).toEqual([true, false, false, false])
})
