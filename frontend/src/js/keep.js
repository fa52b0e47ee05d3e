// Keeps what is typed into forms marked data-keep="KEY" on this device until it has arrived.
//
// A copy is offered back after a crash or a lost session. It is dropped when the server says that the form took effect
// (a cookie beside its answer) or the page after sending that something was done (an element with data-done: every
// success notice has it), after a week, and on sign-out.
// Passwords and files are never kept, and nobody is offered what another user of the device typed.

const WEEK = 7 * 24 * 3600 * 1000
const PAUSE = 400
const SENDING = 'chibo-sending'
const SENT = 'chibo-sent'
const NOT_KEPT = new Set(['password', 'file', 'hidden', 'submit', 'button', 'reset'])

// Set by signing out: what is still on its way into the storage stays out of it.
let isLeaving = false

export function keepTyped() {
  const user = document.body.dataset.user
  if (!user || !storageWorks()) return
  const prefix = `chibo:${user}:`

  dropOld()
  const sending = sessionStorage.getItem(SENDING)
  const isSent = document.cookie.includes(`${SENT}=`)
  if (isSent) document.cookie = `${SENT}=; path=/; max-age=0`
  if (sending && (isSent || document.querySelector('[data-done]'))) {
    localStorage.removeItem(sending)
    sessionStorage.removeItem(SENDING)
  }
  for (const form of document.querySelectorAll('form[data-keep]')) keep(form, prefix + form.dataset.keep)
  for (const form of document.querySelectorAll('form[data-forget]')) {
    form.addEventListener('submit', () => {
      isLeaving = true
      forget(prefix)
    })
  }
}

function keep(form, key) {
  const kept = read(key)
  let waiting
  // The same form again and nothing done: it came back with errors, or it never left.
  if (sessionStorage.getItem(SENDING) === key) sessionStorage.removeItem(SENDING)
  const save = () => {
    clearTimeout(waiting)
    waiting = 0
    if (isLeaving) return
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: valuesOf(form) }))
  }
  form.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(save, PAUSE)
  })
  form.addEventListener('submit', () => {
    save()
    sessionStorage.setItem(SENDING, key)
  })
  addEventListener('pagehide', () => waiting && save())
  if (kept && differs(kept.values, valuesOf(form))) offer(form, key, kept)
}

function offer(form, key, kept) {
  const template = document.getElementById('kept-notice')
  if (!template) return
  const notice = template.content.firstElementChild.cloneNode(true)
  const at = new Date(kept.at)
  const two = (number) => String(number).padStart(2, '0')
  notice.querySelector('[data-kept-at]').textContent =
    `(${two(at.getHours())}:${two(at.getMinutes())}, ${two(at.getDate())}/${two(at.getMonth() + 1)})`
  notice.querySelector('[data-kept-take]').addEventListener('click', () => {
    put(form, kept.values)
    notice.remove()
  })
  notice.querySelector('[data-kept-drop]').addEventListener('click', () => {
    localStorage.removeItem(key)
    notice.remove()
  })
  form.before(notice)
}

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !NOT_KEPT.has(field.type))
}

const isBox = (field) => field.type === 'radio' || field.type === 'checkbox'

function valuesOf(form) {
  const values = {}
  for (const field of fieldsOf(form)) {
    const list = (values[field.name] = values[field.name] || [])
    if (!isBox(field)) list.push(field.value)
    else if (field.checked) list.push(field.value)
  }
  return values
}

function put(form, values) {
  const left = {}
  for (const name of Object.keys(values)) left[name] = [...values[name]]
  for (const field of fieldsOf(form)) {
    if (!left[field.name]) continue
    if (isBox(field)) field.checked = values[field.name].includes(field.value)
    else if (left[field.name].length) field.value = left[field.name].shift()
  }
  form.dispatchEvent(new Event('input', { bubbles: true }))
}

// Only a kept text that says more than the page does is worth a question.
function differs(kept, shown) {
  return Object.keys(kept).some((name) => shown[name] && String(kept[name]) !== String(shown[name]))
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key))
  } catch {
    return null
  }
}

function dropOld() {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith('chibo:')) continue
    const kept = read(key)
    if (!kept || Date.now() - kept.at > WEEK) localStorage.removeItem(key)
  }
}

function forget(prefix) {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key)
}

// A private window or a full disk: then nothing is kept, and nothing breaks.
function storageWorks() {
  try {
    localStorage.setItem('chibo-try', '1')
    localStorage.removeItem('chibo-try')
    return true
  } catch {
    return false
  }
}
