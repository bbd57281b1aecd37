import '@mantine/core/styles.layer.css'
import '@mantine/dropzone/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '../ui/tokens.css'
import { createRoot } from 'react-dom/client'
import { createStudio } from '../stores/create-studio.ts'
import { App } from './app.tsx'

const root = document.getElementById('root')
if (root) createRoot(root).render(<App open={createStudio} />)
