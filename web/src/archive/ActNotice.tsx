import { asProblem, type ProblemCode } from '@/lib/api/problem';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { InlineNotice } from '@/ui/InlineNotice';

/** Of these there are exact words in the language of the page; of others the server's tell what was expected. */
const IS_EXACT: ReadonlySet<ProblemCode> = new Set(['caller_taken']);

/** What went wrong with an act, beside it. */
export function ActNotice({ error }: { error: Error | null }) {
  const t = useWords();
  if (!error) return null;
  const words = problemWords(t, error);
  const { code, detail } = asProblem(error);
  return <InlineNotice title={words.title} next={IS_EXACT.has(code) ? words.next : detail || words.next} />;
}
