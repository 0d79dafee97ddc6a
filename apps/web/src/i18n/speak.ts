import { type Language, language } from './language.ts'
import type { Sentences } from './sentences.ts'
import { setTexts, showLanguage } from './text.ts'

/** One language's texts. English has no `sentences`: it uses the domain's. */
export interface Texts {
  messages: Parameters<typeof setTexts>[1]
  sentences?: Sentences
}

let loaders: Record<Language, () => Promise<Texts>> | undefined
const loaded = new Map<Language, Texts>()

/** Tells, once per page, where each language's texts come from. */
export function languagesFrom(from: Record<Language, () => Promise<Texts>>): void {
  loaders = from
}

/** Loads a language's texts when they aren't here yet, and shows the page in it. Rejects when they can't be loaded; the page then stays as it is. */
export async function speak(language: Language): Promise<void> {
  if (!loaders) throw new Error('languagesFrom comes first.')
  const texts = loaded.get(language) ?? (await loaders[language]())
  loaded.set(language, texts)
  setTexts(language, texts.messages)
  showLanguage(language)
}

/** The page's first texts: the chosen language's, or English ones (which are always here) when those can't be loaded. */
export function speakInitialLanguage(): Promise<void> {
  return speak(language.value).catch(() => speak('en'))
}

/** A language's sentences for refusals and field problems; undefined for English, and until the language is loaded. */
export function sentencesOf(language: Language): Sentences | undefined {
  return loaded.get(language)?.sentences
}
