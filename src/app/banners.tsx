import { useStudioState } from '../features/studio-context.tsx'
import { Notice } from '../ui/notice.tsx'
import { DueBanner } from './due-banner.tsx'
import { ReloadLine } from './reload-line.tsx'

/** What this browser or this address lacks, said once for the whole page. */
export function Banners() {
  const device = useStudioState('device', (state) => state)
  return (
    <>
      {!window.isSecureContext && (
        <Notice tone="bad" testId="insecure-context">
          <p>
            This page was opened over an insecure address, so the browser hides WebGPU and storage from it.
          </p>
          <p>
            Open it over https, or as http://localhost on the machine that serves it. Until then its screens
            stay closed: nothing could be trained, signed or kept.
          </p>
        </Notice>
      )}
      {window.isSecureContext && device.status === 'ready' && device.report.engine === 'reference' && (
        <Notice tone="warn" testId="no-webgpu">
          <p>{device.report.hint}</p>
          <p>
            Until then small models train with {device.report.description} but correct. The network, the
            wallet and models that are packaged already work as ever.
          </p>
        </Notice>
      )}
      {window.isSecureContext && device.status === 'missing' && (
        <Notice tone="warn" testId="no-device">
          <p>{device.report.description}</p>
          <p>{device.report.hint}</p>
          <p>
            Training and embedding need it. Everything else works: the network, the wallet, your runs, and
            models that are packaged already.
          </p>
        </Notice>
      )}
      {window.isSecureContext && <DueBanner />}
      <ReloadLine />
    </>
  )
}
