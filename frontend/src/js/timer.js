// Keeps the minutes of a running meeting true: <strong data-since="2026-12-03T19:30:00+07:00">45</strong>.

export function runTimers() {
  const timers = document.querySelectorAll('[data-since]')
  if (!timers.length) return
  const tick = () => {
    for (const timer of timers) {
      timer.textContent = Math.max(0, Math.floor((Date.now() - Date.parse(timer.dataset.since)) / 60000))
    }
  }
  tick()
  setInterval(tick, 15000)
}
