import { useQueryClient } from '@tanstack/react-query';
import { queuesKey } from '@/lib/api/queues';
import { useQueueChanges } from '@/lib/live/events';
import { useAct } from '@/ui/useAct';

function useRefresh(): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries(queuesKey);
}

/** Asks anew for whatever is shown of queues when somebody else did something. */
export function useQueueNews(): void {
  useQueueChanges(useRefresh());
}

/** Acts on queues; whatever is shown of them is asked for anew after each. */
export function useQueueActs() {
  const { isBusy, error, run } = useAct();
  const refresh = useRefresh();

  async function act(work: () => Promise<unknown>): Promise<boolean> {
    const isDone = await run(work);
    refresh();
    return isDone;
  }

  return { isBusy, error, act };
}
