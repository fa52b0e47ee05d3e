// Every page works without this file. It only makes waiting, typing and mistakes easier.
import { keepTyped } from './js/keep.js'
import { warnBeforeLeaving } from './js/leave.js'
import { sendOnce } from './js/once.js'
import { focusErrors } from './js/errors.js'
import { runTimers } from './js/timer.js'
import { revealPasswords } from './js/reveal.js'

keepTyped()
warnBeforeLeaving()
sendOnce()
focusErrors()
runTimers()
revealPasswords()
