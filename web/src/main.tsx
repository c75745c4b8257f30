/** Where it begins. */
import './tokens.css'

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { App } from '~/app/App'
import { resumeSession } from '~/app/session'
import { followSystemColours, paintColourMode } from '~/lib/preferences'

paintColourMode()
followSystemColours()
void resumeSession()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
