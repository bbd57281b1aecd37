import type { RowsSource } from '../../stores/actions/strategies/dataset-actions.ts'

/** A dataset that is worth training on, as its maker describes it on the hub. */
export interface Dataset {
  readonly name: string
  readonly purpose: string
  readonly licence: string
  readonly account: string
  /** How its rows are read from the hub; null where they hold no text. */
  readonly rows: Omit<RowsSource, 'name' | 'licence'> | null
  /** Rows are shown only to accounts that have accepted the terms. */
  readonly gated?: boolean
  /** In order; what is in back quotes is typed into a terminal. */
  readonly steps: readonly string[]
}

const install = '`pip install datasets`'
const toText = (load: string, column: string, name: string) =>
  `\`python -c "from datasets import load_dataset; from itertools import islice; d = load_dataset(${load}, split='train', streaming=True); open('${name}.txt', 'w').writelines(r['${column}'] + '\\n\\n' for r in islice(d, 20000))"\``
/** Rows name a file by its blob_id; its text is read from Software Heritage with the user's own AWS key. */
const stackFiles = (language: string, count: number) =>
  `\`python -c "import boto3, gzip, pathlib; from datasets import load_dataset; from itertools import islice; s3 = boto3.client('s3', region_name='us-east-1'); to = pathlib.Path('stack-v2'); to.mkdir(exist_ok=True); d = load_dataset('bigcode/the-stack-v2', '${language}', split='train', streaming=True); [(to / (r['blob_id'] + '.txt')).write_text(gzip.decompress(s3.get_object(Bucket='softwareheritage', Key='content/' + r['blob_id'])['Body'].read()).decode(r['src_encoding']), encoding='utf-8') for r in islice(d, ${count})]"\``
const drop = 'Drop the file on this page.'

export const datasets: readonly Dataset[] = [
  {
    name: 'The Stack v2',
    purpose:
      'Source code in over 600 languages, the widest choice. Its tables hold ids; the files come from Software Heritage.',
    licence: 'The licence of each file’s own repository; attribution where it asks for it',
    account:
      'A Hugging Face account that has accepted the terms, an access token, and for the files an AWS account with an access key; in bulk only by agreement with Software Heritage and INRIA',
    rows: null,
    steps: [
      'Accept the terms on the page of `bigcode/the-stack-v2` on the hub, and make an access token there.',
      'Make an AWS account, and in its console (IAM, Security credentials) an access key: the files lie in the bucket `softwareheritage` of region us-east-1, as content/ and the blob_id of a row, compressed with gzip.',
      '`pip install datasets boto3 awscli`',
      '`hf auth login`, then `aws configure` with the access key',
      `A thousand files of one language (here Rust), each in its own encoding, into the folder stack-v2: ${stackFiles('Rust', 1000)}`,
      'Drop the folder on this page.',
    ],
  },
  {
    name: 'StarCoderData',
    purpose:
      'Source code in 86 languages with its text in the table, cleaned and deduplicated: the easier way to code.',
    licence: 'The licence of each file’s own repository (permissive ones)',
    account: 'A Hugging Face account that has accepted the terms, and an access token',
    rows: { dataset: 'bigcode/starcoderdata', config: 'default', split: 'train', columns: ['content'] },
    gated: true,
    steps: [
      'Accept the terms on the page of `bigcode/starcoderdata` on the hub, and make an access token there.',
      `\`hf auth login\`, then ${install}`,
      toText("'bigcode/starcoderdata', data_dir='python'", 'content', 'starcoder-python'),
      drop,
    ],
  },
  {
    name: 'FineWeb-Edu',
    purpose: 'English web pages chosen for what they teach: general prose and knowledge.',
    licence: 'ODC-By 1.0, and the terms of Common Crawl',
    account: 'None',
    rows: { dataset: 'HuggingFaceFW/fineweb-edu', config: 'sample-10BT', split: 'train', columns: ['text'] },
    steps: [install, toText("'HuggingFaceFW/fineweb-edu', 'sample-10BT'", 'text', 'fineweb-edu'), drop],
  },
  {
    name: 'SWE-bench',
    purpose:
      'Real issues with the patches that closed them: diffs and bug reports. The test split is a benchmark; use the train split.',
    licence: 'The benchmark’s own code is MIT; each repository keeps its licence',
    account: 'None',
    rows: {
      dataset: 'princeton-nlp/SWE-bench',
      config: 'default',
      split: 'train',
      columns: ['problem_statement', 'patch'],
    },
    steps: [install, toText("'princeton-nlp/SWE-bench'", 'patch', 'swe-bench'), drop],
  },
  {
    name: 'Your own synthetic data',
    purpose: 'Text that a language model writes for you, of the kind that a region of embedding space lacks.',
    licence: 'Yours, within the terms of the model that wrote it',
    account: 'Whatever the model needs; none for one that runs on your machine',
    rows: null,
    steps: [
      'Look at the data of a gap or of a sparse region on this screen.',
      'Have a model write many different documents of that kind, one .txt file each, and leave out repeats.',
      'Drop the folder on this page, and analyse the gaps again after training.',
    ],
  },
]
