/** What can go wrong between us and the server, and the one place that turns it into words. */
import { words } from '~/lib/words'

import type { ProblemBody } from './types'

/** The server answered, and said no. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: { pointer: string; message: string }[]
  readonly requestId: string | null
  /** How long the server asks us to wait, in milliseconds. */
  readonly retryAfter: number | null

  constructor(body: ProblemBody, retryAfter: number | null = null) {
    super(body.title)
    this.status = body.status
    this.code = body.code
    this.errors = body.errors ?? []
    this.requestId = body.request_id ?? null
    this.retryAfter = retryAfter
  }

  /** Worth asking again in a moment: the fault is the server's, and passing. */
  get isPassing(): boolean {
    return this.status === 429 || this.status >= 500
  }
}

/** The server did not answer at all. */
export class Unreachable extends Error {}

/** A sentence for a person. Known codes have their own words; the rest fall back to the server's title. */
export function problemToWords(problem: unknown): string {
  if (problem instanceof Unreachable) return words.problems.unreachable
  if (!(problem instanceof Problem)) return words.problems.unknown
  const known: Record<string, string> = words.problems.byCode
  return known[problem.code] ?? problem.message
}

/** Messages for the fields of a form, by JSON pointer without its leading slash. */
export function fieldMessages(problem: unknown): Record<string, string> {
  if (!(problem instanceof Problem)) return {}
  const fields: Record<string, string> = {}
  for (const { pointer, message } of problem.errors) fields[pointer.replace(/^\//, '')] ??= message
  const owner = { email_taken: 'identifier', phone_taken: 'identifier', channel_name_taken: 'name' }[problem.code]
  if (owner) fields[owner] = problemToWords(problem)
  return fields
}

/** The number a person can quote when asking for help. */
export function requestIdOf(problem: unknown): string | null {
  return problem instanceof Problem ? problem.requestId : null
}
