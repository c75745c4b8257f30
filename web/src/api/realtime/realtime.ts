/** Runs the session machine on a real socket, real timers and a real store, all of them given from outside. */
import { parseFrame } from './frames'
import { initialSession, type Input, type News, type Output, type Pending, type SessionState, type TimerName } from './session-state'
import { step } from './session'

/** The part of `WebSocket` that we use. */
export interface Socket {
  send: (text: string) => void
  close: () => void
}

export interface SocketEvents {
  opened: () => void
  heard: (text: string) => void
  closed: (code: number) => void
}

/** Where messages on their way survive a reload. */
export interface OutboxStore {
  load: () => Promise<Pending[]>
  store: (message: Pending) => Promise<void>
  forget: (id: string) => Promise<void>
}

export interface Surroundings {
  open: (events: SocketEvents) => Socket
  token: (renew: boolean) => Promise<string>
  outbox: OutboxStore
  setTimer: (ring: () => void, after: number) => number
  clearTimer: (timer: number) => void
  random: () => number
}

export type Listener = (news: News) => void

export class Realtime {
  private state: SessionState = initialSession
  private socket: Socket | null = null
  private readonly timers = new Map<TimerName, number>()
  private readonly listeners = new Set<Listener>()
  private readonly waiting: Input[] = []
  private busy = false
  private readonly around: Surroundings

  constructor(around: Surroundings) {
    this.around = around
  }

  /** Begins: first what was left in the outbox, then the connection. A broken store costs only the outbox. */
  async start(): Promise<void> {
    const stored = await this.around.outbox.load().catch(() => [])
    this.take({ type: 'restored', outbox: stored })
    this.take({ type: 'start' })
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  outbox(): readonly Pending[] {
    return this.state.outbox
  }

  cursor(): number | null {
    return this.state.cursor
  }

  /** Inputs given while one is being taken wait their turn, so that a listener may speak. */
  take(input: Input): void {
    this.waiting.push(input)
    if (this.busy) return
    this.busy = true
    try {
      for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
        const [state, outputs] = step(this.state, next, { random: this.around.random() })
        this.state = state
        for (const output of outputs) this.perform(output)
      }
    } finally {
      this.busy = false
    }
  }

  private perform(output: Output): void {
    switch (output.type) {
      case 'obtain_token':
        void this.obtainToken(output.renew)
        return
      case 'open':
        return this.open(output.socket)
      case 'transmit':
        this.socket?.send(JSON.stringify(output.frame))
        return
      case 'close':
        this.socket?.close()
        this.socket = null
        return
      case 'set_timer':
        return this.setTimer(output.timer, output.after)
      case 'clear_timer':
        return this.clearTimer(output.timer)
      case 'store':
        this.around.outbox.store(output.message).catch(() => undefined)
        return
      case 'forget':
        this.around.outbox.forget(output.id).catch(() => undefined)
        return
      case 'tell':
        for (const listener of this.listeners) listener(output.news)
    }
  }

  private async obtainToken(renew: boolean): Promise<void> {
    try {
      this.take({ type: 'authorised', token: await this.around.token(renew) })
    } catch {
      this.take({ type: 'unauthorised' })
    }
  }

  private open(socket: number): void {
    this.socket?.close()
    this.socket = this.around.open({
      opened: () => this.take({ type: 'opened', socket }),
      heard: (text) => {
        const frame = parseFrame(text)
        if (frame) this.take({ type: 'heard', socket, frame })
      },
      closed: (code) => this.take({ type: 'closed', socket, code }),
    })
  }

  private setTimer(timer: TimerName, after: number): void {
    this.clearTimer(timer)
    const ring = () => {
      this.timers.delete(timer)
      this.take({ type: 'rang', timer })
    }
    this.timers.set(timer, this.around.setTimer(ring, after))
  }

  private clearTimer(timer: TimerName): void {
    const running = this.timers.get(timer)
    if (running === undefined) return
    this.around.clearTimer(running)
    this.timers.delete(timer)
  }
}
