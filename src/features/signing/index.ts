export { SigningDialogs } from './signing-dialogs.tsx'
export { TransactionReview, whyNotSign } from './transaction-review.tsx'
