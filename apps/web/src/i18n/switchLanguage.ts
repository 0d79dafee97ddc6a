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

/** Sets the loaders of all languages, once per page. */
export function registerLanguages(from: Record<Language, () => Promise<Texts>>): void {
  loaders = from
}

/**
 * Shows the page in a language, and loads its texts first if needed. Rejects when they can't be loaded; the page then
 * keeps its language.
 */
export async function switchLanguage(language: Language): Promise<void> {
  if (!loaders) throw new Error('Call registerLanguages first.')
  const texts = loaded.get(language) ?? (await loaders[language]())
  loaded.set(language, texts)
  setTexts(language, texts.messages)
  showLanguage(language)
}

/** Shows the page in the chosen language, or in English, which is always loaded, when the texts can't be loaded. */
export function loadInitialLanguage(): Promise<void> {
  return switchLanguage(language.value).catch(() => switchLanguage('en'))
}

/** A language's sentences for refusals and field problems; undefined for English, and until the language is loaded. */
export function sentencesOf(language: Language): Sentences | undefined {
  return loaded.get(language)?.sentences
}
