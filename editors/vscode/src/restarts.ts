// How often a server that crashes is started again. It must not know VS Code.

/** The most restarts in a period, in milliseconds. */
export const limit = { restarts: 4, period: 3 * 60 * 1000 };

/** Restarts remembers when a server was started again. */
export class Restarts {
  private times: number[] = [];

  /** Reports whether a server that crashes now, in milliseconds, is started again, and takes it as started if so. */
  again(now: number): boolean {
    this.times = this.times.filter((time) => now - time < limit.period);
    if (this.times.length >= limit.restarts) {
      return false;
    }
    this.times.push(now);
    return true;
  }

  /** How often it was started again lately. */
  get count(): number {
    return this.times.length;
  }

  /** Forgets all: the user has asked for a start. */
  clear(): void {
    this.times = [];
  }
}
