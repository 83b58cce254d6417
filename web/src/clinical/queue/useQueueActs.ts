import { useQueryClient } from '@tanstack/react-query';
import { queuesKey } from '@/lib/api/queues';
import { useQueueChanges } from '@/lib/live/events';
import { useAct } from '@/ui/useAct';

/** Acts on queues; whatever is shown of them is asked for anew after each, and when somebody else did something. */
export function useQueueActs() {
  const client = useQueryClient();
  const { isBusy, error, run } = useAct();
  const refresh = () => void client.invalidateQueries(queuesKey);
  useQueueChanges(refresh);

  async function act(work: () => Promise<unknown>): Promise<boolean> {
    const isDone = await run(work);
    refresh();
    return isDone;
  }

  return { isBusy, error, act };
}
