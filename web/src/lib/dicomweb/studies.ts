import { type DataSet, number, personName, TAG, text, texts } from './json';
import { type ShownName, shownName } from './names';

export interface Study {
  uid: string;
  name: ShownName;
  patientId: string;
  sex: string;
  birthDate: string;
  date: string;
  time: string;
  modalities: string[];
  description: string;
  accessionNumber: string;
  hospital: string;
  hospitalCode: string;
  seriesCount: number | null;
  imageCount: number | null;
}

export interface Series {
  uid: string;
  number: number | null;
  modality: string;
  description: string;
  bodyPart: string;
  imageCount: number | null;
}

/** Tells the copies of a study apart: two hospitals may have it. */
export function studyKey(study: Study): string {
  return `${study.uid}@${study.hospitalCode}`;
}

export function studyOf(dataset: DataSet): Study {
  return {
    uid: text(dataset, TAG.studyInstanceUid),
    name: shownName(personName(dataset, TAG.patientName)),
    patientId: text(dataset, TAG.patientId),
    sex: text(dataset, TAG.patientSex),
    birthDate: text(dataset, TAG.patientBirthDate),
    date: text(dataset, TAG.studyDate),
    time: text(dataset, TAG.studyTime),
    modalities: texts(dataset, TAG.modalitiesInStudy),
    description: text(dataset, TAG.studyDescription),
    accessionNumber: text(dataset, TAG.accessionNumber),
    hospital: text(dataset, TAG.hospitalName),
    hospitalCode: text(dataset, TAG.hospitalCode),
    seriesCount: number(dataset, TAG.numberOfStudyRelatedSeries),
    imageCount: number(dataset, TAG.numberOfStudyRelatedInstances),
  };
}

export function seriesOf(dataset: DataSet): Series {
  return {
    uid: text(dataset, TAG.seriesInstanceUid),
    number: number(dataset, TAG.seriesNumber),
    modality: text(dataset, TAG.modality),
    description: text(dataset, TAG.seriesDescription),
    bodyPart: text(dataset, TAG.bodyPartExamined),
    imageCount: number(dataset, TAG.numberOfSeriesRelatedInstances),
  };
}
