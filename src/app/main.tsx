import '@mantine/core/styles.layer.css'
import '@mantine/dropzone/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '../ui/tokens.css'
import { createRoot } from 'react-dom/client'
import { createStudio } from '../stores/create-studio.ts'
import { AlreadyOpen } from './already-open.tsx'
import { App } from './app.tsx'
import { claimStudio } from './only-tab.ts'

const root = document.getElementById('root')
if (root) {
  const isOnly = await claimStudio()
  createRoot(root).render(isOnly ? <App open={createStudio} /> : <AlreadyOpen />)
}
