/** One step of the session in the making: a private copy of the state and the outputs so far. */
import type { ClientFrame } from './frames'
import type { News, Output, Phase, SessionState, TimerName } from './session-state'

/** Chance, given from outside so that a step is a pure function. */
export interface Chance {
  /** A number in [0, 1). */
  random: number
}

export class Turn {
  state: SessionState
  readonly outputs: Output[] = []
  readonly chance: Chance

  constructor(state: SessionState, chance: Chance) {
    this.state = state
    this.chance = chance
  }

  set(change: Partial<SessionState>): void {
    this.state = { ...this.state, ...change }
  }

  put(output: Output): void {
    this.outputs.push(output)
  }

  tell(news: News): void {
    this.put({ type: 'tell', news })
  }

  transmit(frame: ClientFrame): void {
    this.put({ type: 'transmit', frame })
  }

  timer(timer: TimerName, after: number): void {
    this.put({ type: 'set_timer', timer, after })
  }

  cancel(...timers: TimerName[]): void {
    for (const timer of timers) this.put({ type: 'clear_timer', timer })
  }

  enter(phase: Phase): void {
    if (this.state.phase === phase) return
    this.set({ phase })
    this.tell({ type: 'phase', phase })
  }

  /** An id for a command that has none of its own. */
  commandId(): string {
    this.set({ commands: this.state.commands + 1 })
    return `c${this.state.commands}`
  }

  get isLive(): boolean {
    return this.state.phase === 'live'
  }
}
