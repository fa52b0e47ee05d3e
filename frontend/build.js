// Builds the one stylesheet and the one script that every page loads, and holds them to the budget of a first visit.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, transform } from 'esbuild'
import { compile } from 'sass'

const here = fileURLToPath(new URL('.', import.meta.url))
const out = fileURLToPath(new URL('../chibo/core/static/chibo/', import.meta.url))
const budget = { 'chibo.css': 11 * 1024, 'chibo.js': 5 * 1024 }

const { css } = compile(`${here}src/chibo.scss`, {
  loadPaths: [`${here}node_modules/govuk-frontend/dist`],
  quietDeps: true
})
const sheet = await transform(css, { loader: 'css', minify: true, target: ['chrome79', 'firefox78', 'safari13'] })
const script = await build({
  entryPoints: [`${here}src/chibo.js`],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2018',
  write: false
})

const files = { 'chibo.css': sheet.code, 'chibo.js': script.outputFiles[0].text }
for (const [name, text] of Object.entries(files)) {
  writeFileSync(out + name, text)
  const size = gzipSync(text, { level: 9 }).length
  console.log(`${name}: ${size} bytes gzipped of ${budget[name]}`)
  if (size > budget[name]) {
    console.error(`${name} is over its budget: take something out, or argue for more in docs/decisions/0003.`)
    process.exitCode = 1
  }
}
