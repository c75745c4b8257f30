/** Times and days in words, in the local zone of whoever reads. */
import { words } from './words'

const LOCALE = 'en-US'
const clock = new Intl.DateTimeFormat(LOCALE, { hour: 'numeric', minute: '2-digit' })
const clockWithSeconds = new Intl.DateTimeFormat(LOCALE, { hour: 'numeric', minute: '2-digit', second: '2-digit' })
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: 'long' })
const month = new Intl.DateTimeFormat(LOCALE, { month: 'long' })

/** "11:27 AM" */
export function timeOfDay(at: string): string {
  return clock.format(new Date(at))
}

/** "11:27", for the narrow gutter. */
export function shortTime(at: string): string {
  return timeOfDay(at).replace(/\s?[AP]M$/i, '')
}

/** The local day, as a key that can be compared: "2026-01-05". */
export function dayOf(at: string): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** "Today", "Yesterday", "Monday, January 5th", with the year when it is another one. */
export function dayInWords(at: string, now: Date = new Date()): string {
  const day = dayOf(at)
  if (day === dayOf(now.toISOString())) return words.dates.today
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (day === dayOf(yesterday.toISOString())) return words.dates.yesterday
  const date = new Date(at)
  const year = date.getFullYear() === now.getFullYear() ? '' : `, ${date.getFullYear()}`
  return `${weekday.format(date)}, ${month.format(date)} ${ordinal(date.getDate())}${year}`
}

/** "today", "yesterday", "on Monday, January 5th": as it stands inside a sentence. */
export function onDay(at: string, now: Date = new Date()): string {
  const day = dayInWords(at, now)
  if (day === words.dates.today) return words.dates.onToday
  return day === words.dates.yesterday ? words.dates.onYesterday : words.dates.on(day)
}

/** "Today at 11:27:05 AM" */
export function fullTime(at: string, now: Date = new Date()): string {
  return words.dates.at(dayInWords(at, now), clockWithSeconds.format(new Date(at)))
}

export function ordinal(day: number): string {
  const tens = day % 100
  if (tens >= 11 && tens <= 13) return `${day}th`
  return `${day}${['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'}`
}
