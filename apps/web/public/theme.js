// Runs before the first paint, as a file of its own since the content security policy allows no inline script.
;(() => {
  let theme = 'system'
  let language = null
  try {
    theme = localStorage.getItem('roster-theme') ?? theme
    language = localStorage.getItem('roster-language')
  } catch {
    // Storage may be forbidden: then the system's choice holds.
  }
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
  document.documentElement.lang = language ?? (navigator.language.startsWith('de') ? 'de' : 'en')
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#18181b' : '#ffffff')
})()
