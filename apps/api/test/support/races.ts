import { test } from 'vitest'

/** Races by test name. Each round creates its own users, so rounds are independent. */
export type Races = Readonly<Record<string, (round: number) => Promise<void>>>

/** Rounds of each race in the soak tests. */
const SOAK_ROUNDS = 1_000

/** Runs each race once, or `rounds` times. */
export function raceOnce(races: Races, rounds = 1): void {
  for (const [name, round] of Object.entries(races)) test(name, () => run(round, rounds))
}

/** Runs each race many times, for the soak tests. */
export function raceOften(races: Races, rounds = SOAK_ROUNDS): void {
  for (const [name, round] of Object.entries(races)) test(`${rounds} times: ${name}`, () => run(round, rounds))
}

async function run(round: Races[string], rounds: number): Promise<void> {
  for (let number = 0; number < rounds; number++) {
    try {
      await round(number)
    } catch (error) {
      throw new Error(`round ${number}`, { cause: error })
    }
  }
}
