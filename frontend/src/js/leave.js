// Asks before a page with unsent text is left.

export function warnBeforeLeaving() {
  const unsent = new Set()
  document.addEventListener('input', (event) => {
    const form = event.target.closest('form[data-keep]') || event.target
    if (form.matches('form[data-keep]')) unsent.add(form)
  })
  document.addEventListener('submit', (event) => {
    if (!event.defaultPrevented) unsent.clear()
  })
  addEventListener('beforeunload', (event) => {
    if (!unsent.size) return
    event.preventDefault()
    event.returnValue = ''
  })
}
