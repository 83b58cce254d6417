import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Place } from '@/lib/api/keyImages';
import type { Presentation } from '@/lib/api/presentations';
import type { StudyAt } from '@/lib/api/studyAddress';
import { useWords } from '@/lib/i18n';
import { useKeys } from '@/ui/useKeys';
import { KEYS } from '../desk/keys';
import { isMeasure, type Mode } from '../desk/model';
import type { DeskState } from '../desk/useDesk';
import type { Handover, Steered } from '../steering';
import { ArrowWords } from './ArrowWords';
import { BodyStage } from './BodyStage';
import { BODY } from './BodyView';
import styles from './Desk.module.css';
import { type Finding, findingsOf } from './Findings';
import { FindingsPanel } from './FindingsPanel';
import { OverlayList } from './OverlayList';
import { PaneGrid } from './PaneGrid';
import { type Meant, PlanesStage } from './PlanesStage';
import { Presented } from './presenting';
import type { PaneSeries } from './series';
import { StackPane } from './StackPane';
import { ShownStates } from './ShownStates';
import { useFindingKeys } from './useFindingKeys';
import { useFindings } from './useFindings';
import { useOverlays } from './useOverlays';
import { useShownStates } from './useShownStates';
import { useTools } from './useTools';

export interface FullDeskProps {
  desk: DeskState;
  at: StudyAt;
  /** What hangs in each pane; the first is what the page is at. */
  panes: (PaneSeries | null)[];
  /** How the lean viewer showed it. */
  from: Handover | null;
  focus: number;
  onFocus: (pane: number) => void;
  /** Hears where each pane is. */
  onPlace: (pane: number, place: Place) => void;
  onGo: (place: Place) => void;
  onView: (view: Steered | null) => void;
  /** Offers saving to whoever draws the tools. */
  onSave: (save: (() => void) | null) => void;
}

const SAID_MS = 2_500;

/** The full viewer: many panes, planes, bodies, and everything that is measured. */
export default function FullDesk({ desk, at, panes, from, focus, onFocus, onPlace, onGo, onView, onSave }: FullDeskProps) {
  const t = useWords();
  const { findings, list, saving, remove } = useFindings(useStudies(at, panes));
  const { mode } = desk;
  const [presented, setPresented] = useState<Presented | null>(null);
  const overlays = useOverlays(at, presented?.as ?? null);
  const [ready, setReady] = useState<Mode | null>(null);
  const [blocked, setBlocked] = useState(false);
  const { add, showLines, question, answer } = useTools(mode, desk.tool, ready === mode, findings);
  const stack = useRef<StackPane | null>(null);
  const takeView = useCallback(
    (view: Steered | null) => {
      stack.current = view instanceof StackPane ? view : null;
      setReady(view && mode);
      onView(view);
    },
    [onView, mode],
  );
  const takeBody = useCallback((_: string, view: Steered | null) => takeView(view), [takeView]);
  const show = (presentation: Presentation) => {
    const [image] = presentation.images;
    if (!image) return;
    setPresented(new Presented(structuredClone(presentation), focus)); // one that is chosen again is shown again
    onGo({ seriesUid: image.series_instance_uid, sopInstanceUid: image.sop_instance_uid, frame: image.frame });
  };
  const { save } = saving;
  useEffect(() => onSave(save), [onSave, save]);
  useEffect(() => {
    if (!blocked) return undefined;
    const timer = setTimeout(() => setBlocked(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [blocked]);
  const lead = panes[focus] ?? panes[0];
  const { meant, onShown, goTo } = useGoing(desk, panes, focus, onFocus, onGo);
  const onList = () => !desk.withFindings && desk.toggleFindings();
  const hand = useFindingKeys({ at, list, saving, onGo: goTo, onRemove: remove, isListed: desk.withFindings, onList });
  const states = useShownStates({ at, seen: () => stack.current?.presented() ?? null, shown: presented?.as ?? null, onShow: show, onList });
  useKeys({ [KEYS.overlays]: overlays.toggleAll, [KEYS.part]: overlays.nextAlone }, 'first');
  if (!lead) return null;
  const onBlocked = isMeasure(desk.tool) ? () => setBlocked(true) : null;
  return (
    <div className={styles.desk}>
      <div className={styles.stage}>
        {mode === 'stack' && (
          <PaneGrid
            grid={desk.grid}
            panes={panes}
            overlays={overlays}
            presented={presented}
            from={from}
            links={desk.links}
            tool={desk.tool}
            onLead={showLines}
            onBlocked={onBlocked}
            onPlace={onPlace}
            focus={focus}
            onFocus={onFocus}
            onView={takeView}
            onAdded={add}
          />
        )}
        {mode === 'planes' && <PlanesStage key={lead.seriesUid} series={lead} window={from?.seriesUid === lead.seriesUid ? from.window : null} findings={findingsOf(lead.at)} overlays={overlays} onView={takeView} onBlocked={onBlocked} meant={meant?.seriesUid === lead.seriesUid ? meant : null} onShown={onShown} />}
        {mode === 'body' && <BodyStage key={lead.seriesUid} viewportId={BODY} series={lead} onPane={takeBody} />}
        {blocked && <p className={styles.said} role="alert">{t('measure.blocked')}</p>}
      </div>
      {desk.withFindings && (
        <FindingsPanel at={at} list={list} hand={hand} saving={saving} onGo={goTo} onRename={(uid, name) => findings.rename(uid, name)} onRemove={remove}>
          <OverlayList overlays={overlays} />
          <ShownStates states={states} />
        </FindingsPanel>
      )}
      {question && <ArrowWords now={question.now} onAnswer={answer} />}
    </div>
  );
}


/** Goes to where something was measured: to its image, or to the planes through it. */
function useGoing(desk: DeskState, panes: FullDeskProps['panes'], focus: number, onFocus: FullDeskProps['onFocus'], onGo: FullDeskProps['onGo']) {
  const [meant, setMeant] = useState<Meant | null>(null);
  const goTo = ({ measurement }: Finding) => {
    const { place, space } = measurement ?? {};
    const where = place ?? space;
    if (!where) return;
    const mode = place ? 'stack' : 'planes';
    if (desk.mode !== mode) desk.go(mode);
    const { series_instance_uid: seriesUid } = where;
    const pane = Math.max(0, panes.findIndex((one) => one?.seriesUid === seriesUid));
    if (pane !== focus) onFocus(pane);
    setMeant(space ? { seriesUid, points: space.points } : null);
    if (place || seriesUid !== panes[pane]?.seriesUid) onGo({ seriesUid, sopInstanceUid: place?.sop_instance_uid ?? '', frame: place?.frame ?? 1 });
  };
  return { meant, onShown: useCallback(() => setMeant(null), []), goTo };
}

/** The study of the page and those that hang beside it, the same until there are others. */
function useStudies(at: StudyAt, panes: readonly (PaneSeries | null)[]): readonly StudyAt[] {
  const places = new Map([at, ...panes.flatMap((pane) => pane?.at ?? [])].map((one) => [`${one.hospital}/${one.uid}`, one]));
  const key = [...places.keys()].join(' ');
  return useMemo(
    () => key.split(' ').map((place) => ({ hospital: place.slice(0, place.indexOf('/')), uid: place.slice(place.indexOf('/') + 1) })),
    [key],
  );
}
