import { useQueryClient } from '@tanstack/react-query';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { ErrorPage } from './ErrorPage';

/** What lasts from page to page; all else is asked for anew. */
const LASTING = ['session', 'server', 'preferences'];

/** One page failed and the shell around it lives; going on asks the server anew, for what was held may be what failed. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  const client = useQueryClient();
  function goOn(): void {
    client.removeQueries({ predicate: ({ queryKey }) => !LASTING.includes(String(queryKey[0])) });
    reset();
  }
  return <ErrorPage error={error instanceof Error ? error : new Error(String(error))} onGoOn={goOn} />;
}
