// Before anything is drawn: the colours chosen last, else the system's. A file, since inline scripts are forbidden here.
try {
  var chosen = localStorage.getItem('soma-studio/colours')
} catch (_) {}
var isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
document.documentElement.dataset.mantineColorScheme = isDark ? 'dark' : 'light'
