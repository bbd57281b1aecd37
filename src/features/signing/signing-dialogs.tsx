import { Modal } from '@mantine/core'
import { useAct, useStudioState } from '../studio-context.tsx'
import { PromptContent } from './prompt-content.tsx'
import { promptTitle } from './prompt-title.ts'
import { RequestContent, requestTitle } from './request-content.tsx'

/** What asks for a signature, over whatever screen is open: one request, and one question of its signer. */
export function SigningDialogs() {
  const act = useAct()
  const { request, prompt } = useStudioState('signing', (state) => state)
  return (
    <>
      <Modal
        opened={request !== null && prompt === null}
        onClose={() => act((actions) => actions.closeRequest())}
        withCloseButton={request?.stage !== 'signing'}
        title={request ? requestTitle(request) : ''}
        size="lg"
        transitionProps={{ duration: 0 }}
      >
        {request && <RequestContent request={request} />}
      </Modal>
      <Modal
        opened={prompt !== null}
        onClose={() => act((actions) => actions.cancelPrompt())}
        closeOnClickOutside={false}
        title={prompt ? promptTitle(prompt.prompt) : ''}
        size={prompt?.prompt.kind === 'offline' ? 'lg' : 'md'}
        transitionProps={{ duration: 0 }}
      >
        {prompt && <PromptContent view={prompt} />}
      </Modal>
    </>
  )
}
