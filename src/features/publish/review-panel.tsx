import { Button } from '@mantine/core'
import type { PreviewFact } from '../../chain/explain-kind.ts'
import type { Review, SigningAct, Wizard } from '../../stores/publish-store.ts'
import { TransactionReview, whyNotSign } from '../signing/index.ts'
import { useAct } from '../studio-context.tsx'

const signWords: Readonly<Record<SigningAct, string>> = {
  create: 'Sign and create',
  commit: 'Sign and commit',
  reveal: 'Sign and reveal',
}

/** Facts whose values the checks of an act show, compared with this device: shown there, once. */
const checkedFacts: Readonly<Record<SigningAct, readonly PreviewFact['name'][]>> = {
  create: [],
  commit: ['model', 'url', 'size', 'checksum', 'weights', 'embedding', 'key'],
  reveal: ['model', 'key', 'embedding'],
}

/** What the bytes to sign will do to the model, and the signature. */
export function ReviewPanel({ review, wizard }: { review: Review; wizard: Wizard }) {
  const act = useAct()
  return (
    <TransactionReview
      review={review}
      act={review.act}
      hidden={review.checks.length > 0 ? checkedFacts[review.act] : []}
      buttons={
        <>
          <Button disabled={wizard.signing} onClick={() => act((actions) => actions.closeWizard())}>
            Cancel
          </Button>
          <Button
            variant="filled"
            data-testid="sign-button"
            disabled={whyNotSign(review) !== null}
            loading={wizard.signing}
            onClick={() => act((actions) => actions.sign())}
          >
            {signWords[review.act]}
          </Button>
        </>
      }
    />
  )
}
