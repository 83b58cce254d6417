/** How a study is laid out before the reader: which series hangs where (PS3.3 C.23 has the same idea as an object). */

export type Plane = 'axial' | 'coronal' | 'sagittal' | 'oblique';
export type PaneView = 'stack' | 'axial' | 'coronal' | 'sagittal' | 'volume' | 'mip';
export type Prefer = 'most_images' | 'thinnest' | 'newest';
export type Owner = 'mine' | 'hospital' | 'built-in';
/** A name as it is, or in each language. */
export type Name = string | { 'zh-CN': string; en: string };

/** What a series must be to hang in a pane; what is left out may be anything. */
export interface Pick {
  modality?: string;
  /** The series description holds one of these, in any case. */
  description_contains?: string[];
  /** As in (0018,0015), in any case: CHEST. */
  body_part?: string;
  /** R, L, B or U, as in (0020,0060) and (0020,0062). */
  laterality?: string;
  plane?: Plane;
  /** As in (0018,5101), or the meaning of (0054,0220) by its code: CC, MLO, PA, AP, LL, RL. */
  view_position?: string[];
  /** Which of several; without it the one with the lowest number. */
  prefer?: Prefer;
}

export interface Pane {
  /** From 0 on. */
  row: number;
  column: number;
  rowSpan?: number;
  columnSpan?: number;
  /** Tried in their order; the first that a series fits counts. */
  picks: Pick[];
  view: PaneView;
  /** The name of a preset, or a window. */
  window?: string | { center: number; width: number };
  /** 0 is the study itself, 1 the newest prior, 2 the one before it. */
  prior?: number;
  /** May show a series that another pane shows already. */
  again?: boolean;
}

/** What the panes of a stage do together. */
export interface Links {
  scroll?: boolean;
  /** Of panes of the same modality. */
  window?: boolean;
  /** Enlarging and moving. */
  zoom?: boolean;
}

export interface Stage {
  name: Name;
  rows: number;
  columns: number;
  panes: Pane[];
  links: Links;
}

/** Which studies a protocol is for. */
export interface Matches {
  /** One of these is in the study; empty is any. */
  modalities: string[];
  /** One of these is the body part of a series, or stands in a description; empty is any. */
  body_parts: string[];
  laterality?: string[];
  min_series?: number;
  /** Needs at least this many priors. */
  min_priors?: number;
}

export interface HangingProtocol {
  id: string;
  name: Name;
  owner: Owner;
  /** The code of the hospital whose protocol it is. */
  organisation?: string | null;
  matches: Matches;
  stages: Stage[];
}
