// Before anything is drawn: the colours chosen last, else the system's. A file, since inline scripts are forbidden here.
try {
  var chosen = localStorage.getItem('soma-studio/colours')
} catch (_) {}
var isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
document.documentElement.dataset.mantineColorScheme = isDark ? 'dark' : 'light'

// A script that does not arrive, as after an update of the site under an open tab, leaves nobody else to say so.
addEventListener(
  'error',
  function (event) {
    var opening = document.querySelector('.opening')
    if (opening && event.target instanceof HTMLScriptElement)
      opening.textContent = 'A part of the studio could not be loaded. Reload the page; what is on this device is kept.'
  },
  true,
)
