import { IconFile, IconFileTypePdf, IconHeartbeat, IconMovie, IconReportMedical, type TablerIcon } from '@tabler/icons-react';
import type { DocumentKind } from '@/lib/dicomweb/documents';

/** The sign of each kind of document. */
export const SIGNS: Record<DocumentKind, TablerIcon> = {
  report: IconReportMedical,
  waveform: IconHeartbeat,
  pdf: IconFileTypePdf,
  film: IconMovie,
  file: IconFile,
};
