import { test } from 'vitest'

/** Races, each under the sentence that it proves; a round brings its own people. One round in the tests, many in the soak. */
export type Races = Readonly<Record<string, (round: number) => Promise<void>>>

/** How often the soak runs each race. */
const MANY = 1_000

/** One round of each race, or as many as its name needs. */
export function raceOnce(races: Races, rounds = 1): void {
  for (const [name, round] of Object.entries(races)) test(name, () => run(round, rounds))
}

/** A thousand rounds of each race. */
export function raceOften(races: Races, rounds = MANY): void {
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
