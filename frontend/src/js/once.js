// A second press of a button while the first is on its way does nothing.

// After this long the network has probably failed, and the person may try again; the server counts it once anyway.
const AGAIN_AFTER = 15000

export function sendOnce() {
  const sending = new WeakMap()
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (form.method !== 'post') return
    if (Date.now() - (sending.get(form) || 0) < AGAIN_AFTER) event.preventDefault()
    else sending.set(form, Date.now())
  })
  // Back from the next page: the form is fresh again.
  addEventListener('pageshow', (event) => {
    if (event.persisted) for (const form of document.forms) sending.delete(form)
  })
}
