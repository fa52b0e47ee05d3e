// Leads to what went wrong: the list of errors takes the focus, and each of its lines leads into its field.

export function focusErrors() {
  const summary = document.querySelector('[data-focus]')
  if (!summary) return
  summary.focus()
  summary.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]')
    const field = link && document.getElementById(link.hash.slice(1))
    if (!field) return
    event.preventDefault()
    const group = field.closest('fieldset') || field.closest('.govuk-form-group') || field
    group.scrollIntoView()
    field.focus({ preventScroll: true })
  })
}
