// A button beside each password that shows what was typed: <form data-reveal="Show" data-hide="Hide">.

export function revealPasswords() {
  for (const form of document.querySelectorAll('form[data-reveal]')) {
    for (const field of form.querySelectorAll('input[type="password"]')) addButton(form, field)
  }
}

function addButton(form, field) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button button--link'
  button.setAttribute('aria-controls', field.id)
  const say = () => {
    button.textContent = field.type === 'password' ? form.dataset.reveal : form.dataset.hide
  }
  button.addEventListener('click', () => {
    field.type = field.type === 'password' ? 'text' : 'password'
    say()
  })
  // Sent as a password, so that the browser may keep it as one.
  form.addEventListener('submit', () => {
    field.type = 'password'
    say()
  })
  say()
  field.after(button)
}
