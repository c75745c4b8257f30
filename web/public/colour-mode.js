// Sets the colour mode before the first paint. A file of its own, because the content security policy allows no inline script.
;(function () {
  var mode = null
  try {
    mode = localStorage.getItem('confab.colour-mode')
  } catch {
    // Storage may be switched off; the system's mode is then right.
  }
  var dark = mode === 'dark' || (mode !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
})()
