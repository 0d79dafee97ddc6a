import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { expect, test } from 'vitest'

// Holds the rules of docs/glossary.md that a program can check. It reads the folders, not git, so it also runs in a
// copy without history.

const ROOT = join(import.meta.dirname, '..')
const SKIPPED_FOLDERS = new Set([
  '.git',
  '.turbo',
  'coverage',
  'data',
  'data-demo',
  'dist',
  'generated',
  'node_modules',
  'playwright-report',
  'test-results',
])
/** Files that a tool writes, German texts, and this list itself. */
const SKIPPED_FILES =
  /(^|\/)(auto-imports\.d\.ts|components\.d\.ts|typed-router\.d\.ts|migrated\.prisma|[^/]+\.de\.ts)$|^scripts\/language\.test\.ts$/u
const EXTENSIONS = new Set(['.ts', '.vue', '.mjs', '.js', '.md', '.prisma', '.sql', '.css', '.html'])
/** A released migration is never edited, so earlier ones keep their words. */
const FIRST_MIGRATION = '20261201000000'

const STAND_INS = /\b(somebody|whoever|whomever|whom|whose|nobody|everybody|anew|meanwhile|thereof)\b/giu
/** An account is a user, so no identifier says person. “Personal” is another word. */
const PERSON = /\b\w*(person(?!al)|people|somebody|nobody)\w*\b/giu

/** Names that others gave: a Unix account, and a column of imported files. */
const GIVEN_NAMES = new Set([
  'packages/db/src/embedded/account.ts nobody',
  'apps/api/src/import/guessColumns.ts person',
])

interface Source {
  path: string
  text: string
}

test('every file says the noun instead of a stand-in word', () => {
  expect(sources.flatMap((source) => find(source, STAND_INS, prose(source))).join('\n')).toBe('')
})

test('every identifier calls an account a user', () => {
  expect(sources.flatMap((source) => find(source, PERSON, code(source))).join('\n')).toBe('')
})

test('every file name calls an account a user', () => {
  expect(paths.filter((path) => /person(?!al)|people|somebody|nobody/iu.test(path))).toEqual([])
})

test.each([
  ['a.ts', '// for somebody\nconst whose = 1', ['a.ts:1 somebody', 'a.ts:2 whose']],
  ['a.md', 'Never write `somebody`.\nNobody does.', ['a.md:2 Nobody']],
])('finds stand-in words in %s', (path, text, found) => {
  expect(find({ path, text }, STAND_INS, prose({ path, text }))).toEqual(found)
})

test.each([
  ['a.ts', "// a person\nconst personId = 'two people'", ['a.ts:2 personId']],
  ['a.ts', "const kind = 'person'; import PersonalSettings", ['a.ts:1 person']],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of a template
  ['a.ts', '`${people.length} people`', ['a.ts:1 people']],
  ['a.vue', '<!-- a person -->\n<PersonRow\n/>', ['a.vue:2 PersonRow']],
  ['a.sql', "-- people\nUPDATE person SET kind = 'people'", ['a.sql:2 person']],
])('finds identifiers in %s: %s', (path, text, found) => {
  expect(find({ path, text }, PERSON, code({ path, text }))).toEqual(found)
})

/** Each match as `path:line word`. `text` has the lines of the source, with what doesn't count blanked out. */
function find({ path }: Source, words: RegExp, text: string): string[] {
  return [...text.matchAll(words)]
    .filter(([word]) => !GIVEN_NAMES.has(`${path} ${word}`))
    .map((match) => `${path}:${text.slice(0, match.index).split('\n').length} ${match[0]}`)
}

/** The text without inline code of Markdown: a word in backticks is quoted, not used. */
function prose({ path, text }: Source): string {
  return path.endsWith('.md') ? text.replaceAll(/`[^`\n]*`/gu, blank) : text
}

/** The text without comments and without strings of several words. A template string keeps its expressions. */
function code({ path, text }: Source): string {
  switch (extname(path)) {
    case '.md':
      return ''
    case '.sql':
      return text.replaceAll(/--.*|'[^']*'/gu, blank)
    case '.prisma':
      return text.replaceAll(/\/\/.*/gu, blank)
    case '.html':
      return text.replaceAll(/<!--.*?-->/gsu, blank)
    default:
      return text.replaceAll(
        /<!--.*?-->|\/\*.*?\*\/|(?<!:)\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/gsu,
        (token) => {
          if (token.startsWith('`')) return token.replaceAll(/(^|\}).*?(\$\{|$)/gsu, blank)
          return /^['"][^\s'"]*['"]$/u.test(token) || (path.endsWith('.vue') && token.startsWith('"'))
            ? token
            : blank(token)
        },
      )
  }
}

/** As many lines, without words. */
function blank(text: string): string {
  return text.replaceAll(/[^\n]/gu, ' ')
}

function* files(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (!entry.isDirectory()) yield relative(ROOT, path).split(sep).join('/')
    else if (!SKIPPED_FOLDERS.has(entry.name) && !(folder.endsWith('migrations') && entry.name < FIRST_MIGRATION))
      yield* files(path)
  }
}

const paths: readonly string[] = [...files(ROOT)]
const sources: readonly Source[] = paths
  .filter((path) => EXTENSIONS.has(extname(path)) && !SKIPPED_FILES.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
