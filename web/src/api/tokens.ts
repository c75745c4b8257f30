/** The access token: kept in memory only, replaced before it runs out, one refresh at a time across all windows. */
import { Problem } from './problem'
import type { SignedIn } from './types'

/** Refreshed this long before the end, in milliseconds, so that no request ever carries a spent token. */
const EARLY_MS = 60_000
const SUPERSEDED_TRIES = 5
const SUPERSEDED_PAUSE_MS = 300

export interface TokenSurroundings {
  refresh: () => Promise<SignedIn>
  /** Runs the work while no other window runs its own. */
  alone: <T>(work: () => Promise<T>) => Promise<T>
  now: () => number
  setTimer: (ring: () => void, after: number) => number
  clearTimer: (timer: number) => void
}

export interface TokenListener {
  renewed: (token: string) => void
  /** The session is over: only signing in again helps. */
  expired: () => void
}

export class Tokens {
  private held: { token: string; until: number } | null = null
  private underWay: Promise<SignedIn> | null = null
  private timer: number | null = null
  private readonly around: TokenSurroundings
  private readonly listener: TokenListener

  constructor(around: TokenSurroundings, listener: TokenListener) {
    this.around = around
    this.listener = listener
  }

  accept({ access_token, expires_in }: SignedIn): void {
    const lifetime = expires_in * 1000
    // A token shorter-lived than the margin is used for half of its life.
    const early = Math.min(EARLY_MS, lifetime / 2)
    this.held = { token: access_token, until: this.around.now() + lifetime - early }
    this.clearTimer()
    this.timer = this.around.setTimer(() => void this.renew().catch(() => undefined), lifetime - early)
    this.listener.renewed(access_token)
  }

  async fresh(): Promise<string> {
    if (this.held && this.around.now() < this.held.until) return this.held.token
    return (await this.renew()).access_token
  }

  refused(token: string): void {
    if (this.held?.token === token) this.held = null
  }

  forget(): void {
    this.held = null
    this.clearTimer()
  }

  /** Asks for a new token through the cookie. Callers at the same time share one request. */
  renew(): Promise<SignedIn> {
    this.underWay ??= this.around
      .alone(() => this.refreshed())
      .then((answer) => {
        this.accept(answer)
        return answer
      })
      .catch((problem: unknown) => {
        if (problem instanceof Problem && problem.status === 401) {
          this.forget()
          this.listener.expired()
        }
        throw problem
      })
      .finally(() => {
        this.underWay = null
      })
    return this.underWay
  }

  /** Another window may have rotated the cookie a moment ago; the newest one is then already in the jar. */
  private async refreshed(): Promise<SignedIn> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.around.refresh()
      } catch (problem) {
        const superseded = problem instanceof Problem && problem.code === 'refresh_superseded'
        if (!superseded || tries >= SUPERSEDED_TRIES) throw problem
        await new Promise<void>((resolve) => this.around.setTimer(resolve, SUPERSEDED_PAUSE_MS))
      }
    }
  }

  private clearTimer(): void {
    if (this.timer !== null) this.around.clearTimer(this.timer)
    this.timer = null
  }
}

/** Web Locks where the browser has them (secure contexts); elsewhere the server's grace period must do. */
export async function aloneAmongWindows<T>(work: () => Promise<T>): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks
  return locks ? await locks.request('confab-refresh', work) : work()
}
