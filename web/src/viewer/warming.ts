import { machines } from '@/lib/stream/machines';
import { graphics } from './stills/graphics';

/** Has everything ready that a first picture needs: the decoder, and a glass to draw on. */
export function warmViewer(): void {
  machines();
  graphics();
}
