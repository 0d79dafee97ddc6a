import { type Language, language } from './language.ts'
import { setTexts, showLanguage } from './text.ts'

/** One language's texts, and its translations of what the domain's schemas say about fields (keyed by the English sentence). */
export interface Texts {
  messages: Parameters<typeof setTexts>[1]
  fields: Record<string, string>
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
export function speakFuzz(): Promise<void> {
  return speak(language.value).catch(() => speak('en'))
}

/** The translations of field messages in a language; empty for English, which the schemas speak themselves. */
export function fieldTexts(language: Language): Record<string, string> {
  return loaded.get(language)?.fields ?? {}
}
