/** Days and times in words. */
import { describe, expect, it } from 'vitest'

import { dayInWords, fullTime, onDay, ordinal, shortTime, timeOfDay } from './dates'

const now = new Date(2026, 0, 7, 9, 30)
const at = (...when: [number, number, number, number?, number?, number?]) => new Date(...when).toISOString()

describe('dates', () => {
  it('today and yesterday by the local calendar, not by hours', () => {
    expect(dayInWords(at(2026, 0, 7, 0, 0), now)).toBe('Today')
    expect(dayInWords(at(2026, 0, 6, 23, 59), now)).toBe('Yesterday')
    expect(dayInWords(at(2026, 0, 5, 23, 59), now)).toBe('Monday, January 5th')
  })

  it('another year is named', () => {
    expect(dayInWords(at(2025, 11, 31), now)).toBe('Wednesday, December 31st, 2025')
  })

  it('ordinals', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31].map(ordinal)).toEqual(['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '22nd', '23rd', '30th', '31st'])
  })

  it('times', () => {
    const moment = at(2026, 0, 7, 11, 27, 5)
    expect(timeOfDay(moment).replace(/\s/g, ' ')).toBe('11:27 AM')
    expect(shortTime(moment)).toBe('11:27')
    expect(fullTime(moment, now).replace(/\s/g, ' ')).toBe('Today at 11:27:05 AM')
  })

  it('inside a sentence', () => {
    expect(onDay(at(2026, 0, 7), now)).toBe('today')
    expect(onDay(at(2026, 0, 6), now)).toBe('yesterday')
    expect(onDay(at(2026, 0, 5), now)).toBe('on Monday, January 5th')
  })
})
