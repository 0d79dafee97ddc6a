// Runs before the first paint. It is a file, since the content security policy allows no inline script.
;(() => {
  let theme = 'system'
  let language = null
  try {
    theme = localStorage.getItem('roster-theme') ?? theme
    language = localStorage.getItem('roster-language')
  } catch {
    // A browser may forbid storage. Then the system's theme applies.
  }
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
  document.documentElement.lang = language ?? (navigator.language.startsWith('de') ? 'de' : 'en')
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#18181b' : '#ffffff')
})()
